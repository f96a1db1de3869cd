-- Rows are filed under people's keys, too, so all that stand are filed once more: what they are under already stays.
UPDATE audit_indexing SET done = 0, goal = (SELECT last FROM audit_position WHERE audit_position.id = 1) WHERE id = 1;

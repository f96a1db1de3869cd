<?php
/**
 * The people of the test identity provider: NAME with the password NAME-pass.
 *
 * Every attribute is an array. `groups` is what access models of the tests match on.
 */
$config = [
    'admin' => ['core:AdminPassword'],
    'users' => [
        'exampleauth:UserPass',
        'anna:anna-pass' => [
            'uid' => ['anna'],
            'mail' => ['anna@example.org'],
            'displayName' => ['Anna Ångström'],
            'groups' => ['cloud-admins', 'cloud-viewers', 'r&d <lab>'],
        ],
        'ben:ben-pass' => ['uid' => ['ben'], 'mail' => ['ben@example.org'], 'groups' => ['cloud-viewers']],
        'cleo:cleo-pass' => ['uid' => ['cleo'], 'mail' => ['cleo@example.org']],
    ],
];

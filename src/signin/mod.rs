//! The use-cases of people: recognise, open, arrive, leave.

-- The record and what is kept beside it. Read by SQLite and PostgreSQL alike, so only TEXT and
-- BIGINT; times are milliseconds since 1970 UTC. Migrations are only added, never edited.

-- One row per learner: `last_seq` is the place where appends meet, so numbers have no gaps.
create table learner (
    id text not null primary key,
    last_seq bigint not null
);

-- Only appended to. `what` is the JSON of the entry's meaning.
create table entry (
    learner text not null references learner (id),
    seq bigint not null check (seq >= 1),
    at_ms bigint not null,
    what text not null,
    primary key (learner, seq)
);

-- A learner's own words, apart from the record so that they can be deleted.
create table free_text (
    id text not null primary key,
    learner text not null,
    words text not null
);

create table certificate (
    id text not null primary key,
    learner text not null,
    statement text not null,
    kid text not null,
    tag text not null,
    issued_at_ms bigint not null
);

create index certificate_of_learner on certificate (learner, issued_at_ms);

create table revocation (
    certificate text not null primary key references certificate (id),
    reason text not null,
    at_ms bigint not null,
    superseded_by text
);

create table meta (
    name text not null primary key,
    value text not null
);

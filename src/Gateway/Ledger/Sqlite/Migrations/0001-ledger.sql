-- Times and durations are microseconds (times since 1970, UTC), days are 'yyyy-mm-dd' (UTC),
-- money is whole pico-dollars (10^-12 USD). NULL is unknown, never zero. Enumerations are words in snake case.

CREATE TABLE requests (
    seq               INTEGER PRIMARY KEY,
    id                TEXT    NOT NULL UNIQUE,
    caller            TEXT    NOT NULL,
    caller_name       TEXT    NOT NULL,
    api               TEXT,
    model             TEXT    NOT NULL,
    route             TEXT,
    route_version     TEXT,
    stream            INTEGER NOT NULL,
    started           INTEGER NOT NULL,
    duration          INTEGER NOT NULL,
    status            INTEGER NOT NULL,
    problem           TEXT,
    ended             TEXT    NOT NULL,
    accepted          INTEGER NOT NULL,
    winner            INTEGER,
    -- What reports group and count by, so that they need not read every attempt.
    winner_deployment TEXT,
    winner_purpose    TEXT,
    repairs           INTEGER NOT NULL,
    escalated_to      TEXT,
    -- The known part of what all attempts cost, and whether it is all of it.
    cost              INTEGER,
    cost_complete     INTEGER NOT NULL,
    -- What budgets were charged: the cost, or where that is not known in full, at least what was reserved.
    charged           INTEGER NOT NULL,
    warnings          TEXT,
    -- The outcome that holds (the last of the request's rows in outcomes and audits).
    reported          INTEGER,
    audited           INTEGER
) STRICT;

CREATE INDEX requests_by_start ON requests (started);

CREATE TABLE attempts (
    request                 INTEGER NOT NULL REFERENCES requests (seq),
    number                  INTEGER NOT NULL,
    deployment              TEXT    NOT NULL,
    provider                TEXT,
    request_model           TEXT,
    response_model          TEXT,
    purpose                 TEXT    NOT NULL,
    stage                   INTEGER NOT NULL,
    started                 INTEGER NOT NULL,
    time_to_first_token     INTEGER,
    duration                INTEGER NOT NULL,
    status                  TEXT    NOT NULL,
    problem                 TEXT,
    finish_reason           TEXT,
    input_tokens            INTEGER,
    cached_input_tokens     INTEGER,
    cache_write_tokens      INTEGER,
    long_cache_write_tokens INTEGER,
    output_tokens           INTEGER,
    reasoning_tokens        INTEGER,
    cost                    INTEGER,
    cost_complete           INTEGER NOT NULL,
    PRIMARY KEY (request, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdicts (
    request   INTEGER NOT NULL REFERENCES requests (seq),
    number    INTEGER NOT NULL,
    attempt   INTEGER NOT NULL,
    validator TEXT    NOT NULL,
    verdict   TEXT    NOT NULL,
    score     REAL,
    findings  TEXT,
    mended    INTEGER NOT NULL,
    on_prefix INTEGER NOT NULL,
    duration  INTEGER NOT NULL,
    PRIMARY KEY (request, number)
) STRICT, WITHOUT ROWID;

-- Every report of an outcome is kept; the one with the highest number holds.
CREATE TABLE outcomes (
    request         INTEGER NOT NULL REFERENCES requests (seq),
    number          INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    caller          TEXT    NOT NULL,
    success         INTEGER NOT NULL,
    score           REAL,
    source          TEXT,
    note            TEXT,
    idempotency_key TEXT,
    PRIMARY KEY (request, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX outcomes_by_idempotency_key ON outcomes (caller, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE audits (
    request INTEGER NOT NULL REFERENCES requests (seq),
    number  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    auditor TEXT    NOT NULL,
    success INTEGER NOT NULL,
    score   REAL,
    note    TEXT,
    PRIMARY KEY (request, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    id                  TEXT    PRIMARY KEY,
    name                TEXT    NOT NULL,
    hash                BLOB    NOT NULL,
    created             INTEGER NOT NULL,
    expires             INTEGER,
    revoked             INTEGER,
    is_admin            INTEGER NOT NULL,
    models              TEXT,
    requests_per_minute INTEGER,
    tokens_per_minute   INTEGER,
    budget_per_day      INTEGER,
    budget_per_month    INTEGER,
    budget_total        INTEGER
) STRICT, WITHOUT ROWID;

-- Money charged per scope ('key:ID' or 'route:NAME') and day: the sum of requests.charged, kept so that a budget is checked without summing requests.
CREATE TABLE spending (
    scope  TEXT    NOT NULL,
    day    TEXT    NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (scope, day)
) STRICT, WITHOUT ROWID;

-- Money promised to requests that run. A row goes when its request is settled or released, or when its process is found dead.
CREATE TABLE reservations (
    scope   TEXT    NOT NULL,
    request TEXT    NOT NULL,
    day     TEXT    NOT NULL,
    amount  INTEGER NOT NULL,
    process TEXT    NOT NULL,
    opened  INTEGER NOT NULL,
    PRIMARY KEY (scope, request)
) STRICT, WITHOUT ROWID;

CREATE INDEX reservations_by_request ON reservations (request);

-- The prices of a deployment as they were when the gateway first saw them.
CREATE TABLE price_snapshots (
    deployment TEXT    NOT NULL,
    seen       INTEGER NOT NULL,
    prices     TEXT    NOT NULL,
    PRIMARY KEY (deployment, seen)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The key of the HMAC under which API keys are stored. SQLite draws it from a generator seeded by the system.
INSERT INTO settings (name, value) VALUES ('key_secret', randomblob(32));

/** The schema `identity`: who may come in. All apps share it; whichever starts first makes it, the others wait. */
import type pg from 'pg'
import { inTransaction } from '../postgres/transaction.js'

/** Runs `also` in the same transaction, once the tables are there: what must happen once, whoever starts first. */
export function prepareIdentity(pool: pg.Pool, also: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  return inTransaction(pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('coiltrail identity', 0))`)
    await client.query(TABLES)
    await also(client)
  })
}

/** What a column without a value is in our types: not there. */
export function withoutNulls<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Row
}

/** Secrets are kept as hashes only: SHA-256 of what has 256 random bits, Argon2id of what a person chose. */
const TABLES = `
  CREATE SCHEMA IF NOT EXISTS identity;

  DO $$ BEGIN
    IF to_regclass('identity.access_token') IS NOT NULL AND to_regclass('identity.api_key') IS NULL THEN
      ALTER TABLE identity.access_token RENAME TO api_key;
      UPDATE identity.api_key k SET name = left(name, 91) || ' ' || left(id::text, 8)
      WHERE revoked_at IS NULL AND EXISTS (SELECT 1 FROM identity.api_key o
        WHERE lower(o.name) = lower(k.name) AND o.id <> k.id AND o.revoked_at IS NULL);
    END IF;
  END $$;
  CREATE TABLE IF NOT EXISTS identity.api_key (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    role text NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    sha256 bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
  );
  ALTER TABLE identity.api_key
    ADD COLUMN IF NOT EXISTS partner text,
    ADD COLUMN IF NOT EXISTS scope jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS expires_at timestamptz,
    ADD COLUMN IF NOT EXISTS last_used_at timestamptz,
    ADD COLUMN IF NOT EXISTS made_by uuid;
  CREATE UNIQUE INDEX IF NOT EXISTS api_key_name_once ON identity.api_key (lower(name)) WHERE revoked_at IS NULL;

  CREATE TABLE IF NOT EXISTS identity.account (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role text NOT NULL,
    partner text CHECK ((role = 'partner') = (partner IS NOT NULL)),
    issuer text,
    subject text CHECK ((issuer IS NULL) = (subject IS NULL)),
    password_hash text,
    failures integer NOT NULL DEFAULT 0,
    wait_until timestamptz,
    wait_told boolean NOT NULL DEFAULT false,
    invitation_sha256 bytea UNIQUE,
    invitation_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    UNIQUE (issuer, subject)
  );
  CREATE UNIQUE INDEX IF NOT EXISTS account_name_once ON identity.account (lower(name));

  CREATE TABLE IF NOT EXISTS identity.session (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account uuid NOT NULL REFERENCES identity.account,
    sha256 bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
    way text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
  );
  CREATE INDEX IF NOT EXISTS session_of_account ON identity.session (account) WHERE ended_at IS NULL;

  CREATE TABLE IF NOT EXISTS identity.unrecorded_fact (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number bigint GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL,
    data jsonb NOT NULL,
    metadata jsonb NOT NULL
  )`

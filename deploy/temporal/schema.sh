#!/bin/sh
# Creates or updates Temporal's own schema in its two databases, then exits. Safe to run again: a schema that is there
# already is left as it is and only brought up to this server's version.
set -eu

bring_up() {
  database=$1
  folder=$2
  tool="temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db $database"
  $tool setup-schema -v 0.0 || echo "$database has a schema already"
  $tool update-schema -d "/etc/temporal/schema/postgresql/v12/$folder/versioned"
}

bring_up temporal temporal
bring_up temporal_visibility visibility

#!/bin/sh
# Runs once, when the data folder is empty: databases and roles. Holdfast's tables belong to holdfast_owner, which only the
# migration uses; the running processes are holdfast_app, which may read and write rows and cannot change a table.
set -eu

psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
  --set owner_password="$HOLDFAST_OWNER_PASSWORD" \
  --set app_password="$HOLDFAST_APP_PASSWORD" \
  --set temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role holdfast_owner login password :'owner_password';
create role holdfast_app login password :'app_password';
create role temporal login password :'temporal_password';
create database holdfast owner holdfast_owner;
create database temporal owner temporal;
create database temporal_visibility owner temporal;
\connect holdfast
alter schema public owner to holdfast_owner;
grant usage on schema public to holdfast_app;
alter default privileges for role holdfast_owner in schema public
  grant select, insert, update, delete on tables to holdfast_app;
alter default privileges for role holdfast_owner in schema public
  grant usage, select on sequences to holdfast_app;
\connect temporal_visibility
create extension if not exists btree_gin;
SQL

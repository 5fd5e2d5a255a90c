#!/bin/sh
# Waits for the Temporal server and creates the namespace that Holdfast uses, then exits. Safe to run again.
set -eu

tries=0
until temporal operator cluster health; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "the Temporal server did not become healthy" >&2
    exit 1
  fi
  sleep 2
done

# Histories of ended orders are kept for three days; the order itself lives in PostgreSQL for good.
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 72h

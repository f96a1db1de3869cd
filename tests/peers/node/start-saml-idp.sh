#!/usr/bin/env bash
# Starts npm saml-idp on 127.0.0.1:PORT and stays in the foreground.
#
#   PORT=7110 PEER_DIR=DIR SP_BASE=http://127.0.0.1:8080 IDP=npm start-saml-idp.sh
#
# Keys go to PEER_DIR. The process becomes node, so ending it by its id ends everything. Ready when
# http://127.0.0.1:PORT/metadata answers (that is the IdP's metadata). Signs Response and Assertion, RSA-SHA256.
set -euo pipefail
: "${PORT:?}" "${PEER_DIR:?}" "${SP_BASE:?}" "${IDP:=npm}"
here=$(cd "$(dirname "$0")" && pwd)
peers=$(cd "$here/../../../.cache/peers" && pwd)

mkdir -p "$PEER_DIR"
[ -e "$PEER_DIR/idp.crt" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN=second idp' \
    -keyout "$PEER_DIR/idp.pem" -out "$PEER_DIR/idp.crt" 2>/dev/null
exec "$peers/bin/node" "$peers/node/node_modules/saml-idp/bin/run.js" --host 127.0.0.1 --port "$PORT" \
    --cert "$PEER_DIR/idp.crt" --key "$PEER_DIR/idp.pem" --issuer "http://127.0.0.1:$PORT/idp" \
    --acsUrl "$SP_BASE/saml/$IDP/acs" --audience "$SP_BASE/saml/$IDP/metadata" --configFile "$here/saml-idp.cjs"

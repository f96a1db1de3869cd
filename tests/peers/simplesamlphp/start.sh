#!/usr/bin/env bash
# Starts SimpleSAMLphp as an identity provider on 127.0.0.1:PORT and stays in the foreground.
#
#   PORT=8190 PEER_DIR=DIR SP_BASE=http://127.0.0.1:8080 SERVICE_PROVIDERS=php=both,php-sha1=sha1 start.sh
#
# PEER_DIR is emptied of nothing and filled with keys, state and logs: give each run a fresh one. The process
# becomes PHP's own server, so ending it by its id ends everything. Ready when
# http://127.0.0.1:PORT/simplesaml/saml2/idp/metadata.php answers (that is the IdP's metadata).
set -euo pipefail
: "${PORT:?}" "${PEER_DIR:?}" "${SP_BASE:?}" "${SERVICE_PROVIDERS:=php=both}"
here=$(cd "$(dirname "$0")" && pwd)
package=$(cd "$here/../../../.cache/peers/simplesamlphp" && pwd)

mkdir -p "$PEER_DIR"/{cert,data,log,scratch,web}
ln -sfn "$package/usr/share/simplesamlphp/www" "$PEER_DIR/web/simplesaml"
for name in idp sp; do
    [ -e "$PEER_DIR/cert/$name.crt" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=test $name" \
        -keyout "$PEER_DIR/cert/$name.pem" -out "$PEER_DIR/cert/$name.crt" 2>/dev/null
done

# Several workers would outlive their parent.
unset PHP_CLI_SERVER_WORKERS
export PORT PEER_DIR SP_BASE SERVICE_PROVIDERS PEER_PACKAGE=$package SIMPLESAMLPHP_CONFIG_DIR=$here/config
exec php -d display_errors=0 -d error_reporting=0 -S "127.0.0.1:$PORT" -t "$PEER_DIR/web"

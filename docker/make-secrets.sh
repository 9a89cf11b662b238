#!/bin/sh
# Makes in docker/secrets what compose.yaml gives to the containers: passwords, and a certificate for KurrentDB signed by
# a private authority of its own. Run it once, before the first start; what is there already is left as it is.
set -eu
cd "$(dirname "$0")/secrets"
# Nobody else on this machine gets into the folder. The files are readable because containers run as other users.
chmod 700 .
umask 022

keep() {
  if [ -s "$1" ]; then cat >/dev/null; else cat >"$1.new" && mv "$1.new" "$1"; fi
}
password() { openssl rand -hex 24; }

password | keep postgres_password
for owner in identity operations relay inventory throughput; do
  echo "postgres://coiltrail_$owner:$(password)@postgres:5432/coiltrail_$owner" | keep "${owner}_database_url"
done

password | keep kurrentdb_password
query="tlsCAFile=/run/secrets/kurrentdb_ca"
echo "kurrentdb://admin:$(cat kurrentdb_password)@kurrentdb:2113?$query" | keep kurrentdb_url
echo "kurrentdb://admin:$(cat kurrentdb_password)@kurrentdb:2113,kurrentdb-2:2113,kurrentdb-3:2113?$query" |
  keep kurrentdb_cluster_url

if [ ! -s kurrentdb_certificate ]; then
  days=1825
  openssl req -x509 -newkey rsa:3072 -nodes -days $days -subj "/CN=Coiltrail KurrentDB CA" \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout kurrentdb_ca_key -out kurrentdb_ca 2>/dev/null
  chmod 600 kurrentdb_ca_key
  openssl req -newkey rsa:3072 -nodes -subj "/CN=eventstoredb-node" -keyout kurrentdb_key -out request 2>/dev/null
  # Nodes know each other by the common name, and show this certificate both as servers and as clients of one another.
  cat >extensions <<EOF
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:kurrentdb,DNS:kurrentdb-2,DNS:kurrentdb-3,DNS:localhost,IP:127.0.0.1
EOF
  openssl x509 -req -in request -CA kurrentdb_ca -CAkey kurrentdb_ca_key -CAcreateserial -days $days \
    -extfile extensions -out kurrentdb_certificate 2>/dev/null
  rm -f request extensions kurrentdb_ca.srl
fi
chmod 644 postgres_password ./*_url kurrentdb_password kurrentdb_ca kurrentdb_key kurrentdb_certificate
echo "Secrets are in $PWD"

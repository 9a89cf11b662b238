# PostgreSQL runs this once, on an empty volume: a role and a database for each app, and one for accounts and keys; and
# the two roles by which read models are asked, which own nothing (docs/decisions/0015-whose-metal.md).
for owner in identity operations relay inventory throughput; do
  url=$(cat "/run/secrets/${owner}_database_url")
  password=${url#*://*:}
  NAME="coiltrail_$owner" PASSWORD="${password%%@*}" psql --no-psqlrc --quiet --username="$POSTGRES_USER" --set ON_ERROR_STOP=1 <<'SQL'
\getenv name NAME
\getenv password PASSWORD
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
psql --no-psqlrc --quiet --username="$POSTGRES_USER" --set ON_ERROR_STOP=1 <<'SQL'
CREATE ROLE coiltrail_staff NOLOGIN;
CREATE ROLE coiltrail_partner NOLOGIN;
GRANT coiltrail_staff, coiltrail_partner TO coiltrail_operations, coiltrail_inventory, coiltrail_throughput;
SQL

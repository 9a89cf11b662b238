# PostgreSQL runs this once, on an empty volume: a role and a database for each app, and one for accounts and keys.
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

/**
 * How partners look for coils by their numbers. Whether a text is like another PostgreSQL does not ask of rows before it
 * knows that they may be seen, so that under a policy the index of numbers is of no use: measured, sixty times as slow.
 * These look in the index first, and answer the numbers of coils of the partner who asks, and no others.
 */
import { ASKING_PARTNER } from '#platform/read-model/roles'

/** Coils that have all of these in one of the numbers that their owner may know: patterns of LIKE, in capitals. */
export const ownCoilsNumbered = `coils_numbered("patterns" text[]) RETURNS TABLE ("coil" text)
  SET plan_cache_mode = force_custom_plan AS $body$ BEGIN RETURN QUERY
    SELECT n."coil" FROM coil_numbers n
    WHERE n."numbers" LIKE "patterns"[1] AND coalesce(n."ownersNumbers", n."numbers") LIKE ALL("patterns")
      AND n."owner" = ${ASKING_PARTNER};
  END $body$`

/** Coils from any of these melts. */
export const ownCoilsOfMelts = `coils_of_melts("melts" text[]) RETURNS TABLE ("coil" text)
  SET plan_cache_mode = force_custom_plan AS $body$ BEGIN RETURN QUERY
    SELECT n."coil" FROM coil_numbers n WHERE n."castNumbers" && "melts" AND n."owner" = ${ASKING_PARTNER};
  END $body$`

/** What partners see of their coils in the place of what is an owner's before them, or another's beside them: SQL by column. */
import type { TableNames } from '#projection/projection'

/** Papers that came with the metal, and the work it comes from, are for whose it was: not for whoever has it now. */
export const ifFirstOwner = (column: string) => `CASE WHEN "titleRevision" IS NULL THEN "${column}" END`

/**
 * From which coil a hold came down is left out, for it may be another's; so is why, if that one is or was, or if this one's
 * title passed.
 */
const ownHolds = (of: TableNames) => `CASE WHEN "holds" = '[]' THEN "holds" ELSE (
  SELECT jsonb_agg(CASE WHEN "titleRevision" IS NULL AND ("said"->'cause' IS NULL OR EXISTS (
      SELECT FROM ${of('coils')} c WHERE c."coil" = "said"->>'cause' AND c."titleRevision" IS NULL))
    THEN "said" - 'cause' ELSE "said" - 'cause' - 'by' || '{"reason": "not told"}' END ORDER BY "n")
  FROM jsonb_array_elements("holds") WITH ORDINALITY AS "hold"("said", "n")) END`

/** Where it went and came back from for an owner before is theirs; what has left for good has left. */
const ownReturns = {
  returnedKg: `CASE WHEN "titleRevision" IS NULL THEN "returnedKg" ELSE 0 END`,
  dispatchedKg: `CASE WHEN "titleRevision" IS NULL THEN "dispatchedKg" ELSE "dispatchedKg" - "returnedKg" END`,
}

export const ownColumns = {
  ...Object.fromEntries(
    [
      ...['announcedAt', 'supplier', 'agreement', 'packingList', 'inboundNote', 'remarks'],
      ...['announcedWeightKg', 'openDifferenceKg', 'castingRun', 'producedBy'],
    ].map((column) => [column, ifFirstOwner(column)]),
  ),
  ...ownReturns,
  // Who bought it has it now; under whose mandate it was sold to them is not theirs.
  mandate: `CASE WHEN "customer" IS DISTINCT FROM "owner" THEN "mandate" END`,
  holds: ownHolds,
}

import type { Approval } from '#domain/approval/state'
import { rolesWith } from '#platform/identity/permissions'
import type { Actor } from '#platform/identity/roles'
import { Problem } from '#platform/problems/problem'
import { FinishCastingRun } from '../casting/finish-casting-run.command.js'
import { CorrectWeight } from '../coil/correct-weight.command.js'
import { DowngradeCoil } from '../coil/downgrade-coil.command.js'
import { RejectCoil } from '../coil/reject-coil.command.js'
import { ReleaseCoil } from '../coil/release-coil.command.js'
import type { FourEyes } from '../pipeline/four-eyes.js'
import type { CommandRequest, PlantCommand, Told } from '../pipeline/plant-command.js'
import { CompleteProcessOrder } from '../processing/complete-process-order.command.js'

type Asked = new (request: CommandRequest, payload: never) => PlantCommand<Told>

/** By permission, what was asked for. */
const COMMANDS: Readonly<Record<FourEyes, Asked>> = {
  'release-hold': ReleaseCoil,
  'downgrade-coil': DowngradeCoil,
  'reject-coil': RejectCoil,
  'correct-weight': CorrectWeight,
  'complete-process-order': CompleteProcessOrder,
  'finish-casting-run': FinishCastingRun,
}

/** The command that was asked for, to be decided again. Its payload was checked when it was asked. */
export function commandAskedFor({ permission, command }: Approval, request: CommandRequest): PlantCommand<Told> {
  const Command = COMMANDS[permission as FourEyes]
  return new Command(request, command as never)
}

/** The route lets in whoever may answer any request; of this one, only those who may do themselves what was asked for. */
export function requireMayAnswer({ role }: Actor, { permission }: Approval): void {
  const may = rolesWith(permission as FourEyes)
  if (may.includes(role)) return
  throw new Problem(403, 'not-allowed', `This may be answered by ${may.join(', ')}; you are here as ${role}.`, {
    values: { permission, role, allowed: may },
  })
}

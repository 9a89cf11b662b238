/** What a password may be, after NIST SP 800-63B-4: long and not easily guessed; no rules about digits and signs. */
import { Problem, type ProblemFault } from '../problems/problem.js'
import { normal } from './passwords.js'

const SHORTEST = 12
const LONGEST = 200

/**
 * @param pointer of the field that it came in
 * @throws Problem 422 `password-not-good` with every fault; what was typed is never repeated
 */
export function requireGoodPassword(password: string, name: string, pointer: string): void {
  const errors = faultsOf(normal(password), normal(name)).map((fault) => ({ pointer, ...fault }))
  if (errors.length === 0) return
  const detail = `This password is not taken, because ${errors.map(({ message }) => message).join('; ')}.`
  throw new Problem(422, 'password-not-good', detail, { errors })
}

function faultsOf(password: string, name: string): ProblemFault[] {
  const faults: ProblemFault[] = []
  const length = [...password].length
  if (length < SHORTEST) {
    faults.push({ rule: 'password-too-short', message: `it has fewer than ${SHORTEST} characters`, values: { length } })
  }
  if (length > LONGEST) {
    faults.push({ rule: 'password-too-long', message: `it has more than ${LONGEST} characters`, values: { length } })
  }
  if (lettersOf(password) !== '' && lettersOf(password) === lettersOf(name)) {
    faults.push({ rule: 'password-is-name', message: 'it is your name' })
  }
  if (isWellKnown(password)) faults.push({ rule: 'password-well-known', message: 'it is one that everybody tries' })
  if (isPattern(password)) {
    faults.push({ rule: 'password-pattern', message: 'it is one thing again and again, or a row of the keyboard' })
  }
  return faults
}

const lettersOf = (text: string): string => text.toLowerCase().replaceAll(/\P{L}/gu, '')

/** Of the passwords that are found most often, those that have twelve characters once digits or signs stand around them. */
const WELL_KNOWN = new Set(
  `abc abcabc admin administrator aluminium aluminum azerty changeme coil coils coiltrail default dragon football guest
  hello iloveyou letmein login master monkey operator parola parol pass passw passwd password passwords passwort princess
  qwerty qwertyuiop root secret shadow sifre starwars summer sunshine superman superuser system temp temporary test testtest
  trustno unknown user welcome winter`.split(/\s+/),
)
const LIKE_LETTERS: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't' }
const spelled = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replaceAll('!', 'i')
    .replaceAll(/[013457]/g, likeLetter)
const likeLetter = (digit: string) => LIKE_LETTERS[digit]!

function isWellKnown(password: string): boolean {
  const withoutEnds = password.replaceAll(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '')
  return WELL_KNOWN.has(lettersOf(password)) || WELL_KNOWN.has(lettersOf(spelled(withoutEnds)))
}

const ROWS = [
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
]
/** Round and round: no row has to begin where it begins. */
const RUNS = ROWS.flatMap((row) => [
  row.repeat(LONGEST / 10),
  [...row]
    .reverse()
    .join('')
    .repeat(LONGEST / 10),
])

function isPattern(password: string): boolean {
  const text = password.toLowerCase()
  if (text.length > LONGEST * 2) return false
  if (new Set(text).size < 5 || RUNS.some((run) => run.includes(text))) return true
  const half = Math.floor(text.length / 2)
  return Array.from({ length: half }, (_, at) => at + 1).some((part) => text.startsWith(text.slice(part)))
}

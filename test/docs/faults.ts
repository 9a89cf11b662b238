/** Every fault by name, found where the code says it: `checks.require(..., 'rule', 'message', ...)` and the like. */
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { code, table } from './markdown.js'

export interface FoundFault {
  readonly rule: string
  readonly message: string
  readonly status: string
  readonly file: string
}

/** Of a call: where its rule stands among the arguments; what follows is the sentence. */
const RULE_AT: Readonly<Record<string, number>> = {
  require: 1,
  refuse: 0,
  Problem: 1,
  tryLater: 0,
  unauthorised: 0,
  fault: 0,
}
/** Cells of a packing list are read by schemas that say in words what they take. */
const CELL = ['text', 'number', 'whole', 'checked']
/** Rules whose name is made of a role. */
const ROLE_OF_PARTNER = ['supplier', 'owner']

const SOURCES = '{libs/{domain,event-store,platform,projection},apps/*}/src/**/*.ts'

export async function faultsTable(root: string): Promise<string> {
  const byRule = Map.groupBy(await faultsOf(root), ({ rule }) => rule)
  return table(
    ['fault', 'status', 'in words', 'said in'],
    [...byRule]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([rule, found]) => [
        code(rule),
        [...new Set(found.map(({ status }) => status))].join(', '),
        wordsOf(found),
        [...new Set(found.map(({ file }) => file))].map((file) => `[${shortOf(file)}](../${file})`).join(', '),
      ]),
  )
}

const shortOf = (file: string) => file.split('/').slice(-2).join('/').replace(/\.ts$/, '').replace('decide/', '')

/** Of several places the first that says it whole. */
function wordsOf(found: readonly FoundFault[]): string {
  const messages = found.map(({ message }) => message).filter(Boolean)
  return messages.find((message) => /^[A-Za-z]/.test(message)) ?? messages[0] ?? '…'
}

/** Every place that names a fault. */
export async function faultsOf(root: string): Promise<FoundFault[]> {
  const files = globSync(SOURCES, { cwd: root }).filter((file) => !/\.spec\.ts$|\/(contract|fixtures)\//.test(file))
  const found: FoundFault[] = []
  for (const file of files.sort()) {
    const text = await readFile(join(root, file), 'utf8')
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
    const visit = (node: ts.Node): void => {
      for (const fault of [...ofCall(node), ...ofObject(node), ...ofThing(node)]) found.push({ ...fault, file })
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return found
}

type Said = Omit<FoundFault, 'file'>

function ofCall(node: ts.Node): Said[] {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return []
  const { expression } = node
  const callee = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText()
  const given = node.arguments ?? []
  if (CELL.includes(callee)) {
    return rulesIn(given[1]).map((rule) => ({ rule, message: 'what the cell may be, in words', status: 'row' }))
  }
  if (callee === 'unknownThing' || callee === 'unknown') {
    return textsIn(given[0]).map((thing) => unknown(thing.replaceAll(' ', '-')))
  }
  // Some `fault` of a packing list take the row or the column first.
  const at = callee === 'fault' ? given.findIndex((argument) => rulesIn(argument).length > 0) : RULE_AT[callee]
  if (at === undefined || at < 0) return []
  const told = given[0]?.getText() ?? ''
  const status = callee !== 'Problem' ? (STATUS[callee] ?? '422') : /^\d+$/.test(told) ? told : '404, 422'
  return paired(rulesIn(given[at]), textsIn(given[at + 1]), status)
}

const STATUS: Readonly<Record<string, string>> = { tryLater: '503', unauthorised: '401', fault: 'row' }

function ofObject(node: ts.Node): Said[] {
  if (!ts.isObjectLiteralExpression(node)) return []
  const rule = saidAs(node, 'rule')
  const message = saidAs(node, 'message')
  if (!rule || !message) return []
  const inRequest = saidAs(node, 'in') || saidAs(node, 'path')
  const inRow = saidAs(node, 'row') || !saidAs(node, 'values')
  return paired(rulesIn(rule), textsIn(message), inRequest ? '400' : inRow ? 'row' : '422')
}

/** Two rules with two sentences have one each; one rule may have several. */
const paired = (rules: readonly string[], messages: readonly string[], status: string): Said[] =>
  rules.map((rule, i) => ({
    rule,
    message: (messages.length === rules.length ? messages[i] : messages.join(' / ')) ?? '',
    status,
  }))

/** `{ thing: 'coil', stream: ... }`: a kind of stream, of which there may be no such one. */
function ofThing(node: ts.Node): Said[] {
  if (!ts.isObjectLiteralExpression(node) || !saidAs(node, 'stream')) return []
  return textsIn(saidAs(node, 'thing')).map(unknown)
}

const unknown = (thing: string): Said => ({
  rule: `unknown-${thing}`,
  message: `there is no ${thing.replaceAll('-', ' ')} {${thing}}`,
  status: '404',
})

function saidAs(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (property.name?.getText() !== name) continue
    if (ts.isPropertyAssignment(property)) return property.initializer
    if (ts.isShorthandPropertyAssignment(property)) return property.name
  }
  return undefined
}

const RULE = /^[a-z]+(?:-[a-z0-9]+)+$|^required$/

function rulesIn(node: ts.Expression | undefined): string[] {
  return textsIn(node)
    .flatMap((text) => (text.includes('{role}') ? ROLE_OF_PARTNER.map((role) => text.replace('{role}', role)) : [text]))
    .filter((text) => RULE.test(text))
}

/** The texts that an expression may be: both ways of a condition, and the constant that a name stands for. */
function textsIn(node: ts.Expression | undefined, depth = 0): string[] {
  if (!node || depth > 3) return []
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isTemplateExpression(node)) return [templateText(node)]
  if (ts.isParenthesizedExpression(node)) return textsIn(node.expression, depth)
  if (ts.isConditionalExpression(node)) {
    return [...textsIn(node.whenTrue, depth), ...textsIn(node.whenFalse, depth)].filter(Boolean)
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left] = textsIn(node.left, depth)
    const [right] = textsIn(node.right, depth)
    return left === undefined || right === undefined ? [] : [left + right]
  }
  if (ts.isIdentifier(node)) return textsIn(constantCalled(node), depth + 1)
  return []
}

function templateText({ head, templateSpans }: ts.TemplateExpression): string {
  return head.text + templateSpans.map(({ expression, literal }) => wordFor(expression) + literal.text).join('')
}

/** `coil.location` is shown as {location}, what is reckoned as an ellipsis. */
function wordFor(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return `{${node.text}}`
  if (ts.isPropertyAccessExpression(node)) return `{${node.name.text}}`
  if (ts.isNonNullExpression(node)) return wordFor(node.expression)
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
    return wordFor(node.left)
  }
  return '…'
}

function constantCalled(name: ts.Identifier): ts.Expression | undefined {
  for (let scope: ts.Node = name; scope; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement)) continue
      const found = statement.declarationList.declarations.find((one) => one.name.getText() === name.text)
      if (found) return found.initializer
    }
  }
  return undefined
}

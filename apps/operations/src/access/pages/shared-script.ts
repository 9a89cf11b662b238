/** What the scripts of all pages have in common; a module of the browser's. */
export const SHARED = `export const element = (id) => document.getElementById(id)

/** The answer of the API, or a problem in words. */
export async function ask(method, path, body) {
  let response
  try {
    response = await fetch(path, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  } catch {
    return { problem: { rule: 'unreachable', detail: 'Coiltrail cannot be reached. Check the network, and try again.' } }
  }
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
  const answer = isJson ? await response.json().catch(() => undefined) : undefined
  if (response.ok) return { answer }
  const problem = answer?.rule ? answer : { rule: 'unknown', detail: 'That did not work. Try again in a moment.' }
  return { problem: { ...problem, wait: Number(response.headers.get('retry-after')) || 0 } }
}

/** Says what is wrong in the alert of a form, and marks the fields at fault. */
export function tell(form, problem) {
  const alert = form.querySelector('[role=alert]')
  const fields = [...form.querySelectorAll('input[name]')]
  for (const field of fields) field.removeAttribute('aria-invalid')
  alert.replaceChildren()
  if (!problem) return
  const faults = problem.errors ?? []
  const lines = faults.map(({ message, pointer }) => {
    const field = fields.find(({ name }) => pointer === '/' + name)
    field?.setAttribute('aria-invalid', 'true')
    const line = document.createElement('li')
    line.textContent = message
    return line
  })
  const text = document.createElement('div')
  text.textContent = faults.length > 0 ? 'This is not taken, because:' : problem.detail
  const list = document.createElement('ul')
  list.append(...lines)
  alert.append(text, ...(lines.length > 0 ? [list] : []))
  fields.find((field) => field.getAttribute('aria-invalid') === 'true')?.focus()
}

/** Sends a form by a function of ours: once at a time, and not before the time that the last answer told to wait. */
export function whenSent(form, send) {
  const button = form.querySelector('button[type=submit]')
  const words = button.textContent
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (button.disabled) return
    button.disabled = true
    tell(form)
    const problem = await send(Object.fromEntries(new FormData(form)))
    tell(form, problem)
    if (problem?.wait > 0) await countDown(button, problem.wait)
    button.textContent = words
    button.disabled = false
  })
  for (const tick of form.querySelectorAll('.tick input')) {
    tick.addEventListener('change', () => {
      const secrets = [...form.querySelectorAll('input[autocomplete$=password]')]
      for (const secret of secrets) secret.type = tick.checked ? 'text' : 'password'
    })
  }
}

async function countDown(button, seconds) {
  const end = performance.now() + seconds * 1000
  for (let left = seconds; left > 0; left = Math.ceil((end - performance.now()) / 1000)) {
    button.textContent = 'Wait ' + (left > 90 ? Math.ceil(left / 60) + ' min' : left + ' s')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** Where to go on to: a path of this very site, or the fallback. */
export function nextOr(fallback) {
  const next = new URLSearchParams(location.search).get('next')
  if (!next?.startsWith('/') || !URL.canParse(next, location.origin)) return fallback
  const { origin, pathname, search, hash } = new URL(next, location.origin)
  return origin === location.origin && !pathname.startsWith('//') ? pathname + search + hash : fallback
}
`

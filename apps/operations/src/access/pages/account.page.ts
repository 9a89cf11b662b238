import { pageOf, SHOW_PASSWORD } from './page.js'

export const ACCOUNT = pageOf({
  title: 'My account',
  script: '/account/page.js',
  wide: true,
  main: `<div id="whole" hidden>
<section aria-labelledby="who">
<h2 id="who">Who I am</h2>
<dl>
<dt>Name</dt><dd id="name"></dd>
<dt>Role</dt><dd id="role"></dd>
<dt class="of-partner" hidden>Partner</dt><dd class="of-partner" id="partner" hidden></dd>
</dl>
<form id="sign-out" method="post"><div role="alert" class="fault"></div><button type="submit" class="quiet">Sign out</button></form>
</section>
<section aria-labelledby="where">
<h2 id="where">Where I am signed in</h2>
<div role="alert" class="fault" id="sessions-fault"></div>
<p role="status" class="good" id="ended"></p>
<ul id="sessions"></ul>
</section>
<section aria-labelledby="change" id="own-password">
<h2 id="change">Change my password</h2>
<form id="password-form" method="post">
<div role="alert" class="fault"></div>
<p role="status" class="good" id="changed"></p>
<label for="password">Password until now</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required>
<label for="newPassword">New password</label>
<input id="newPassword" name="newPassword" type="password" autocomplete="new-password" maxlength="1000" required
aria-describedby="rules">
<p id="rules" class="faint">At least 12 characters, not your name, nor what everybody tries.</p>
${SHOW_PASSWORD}
<button type="submit">Change it</button>
</form>
<p class="faint">Wherever else you are signed in, you are signed out by it.</p>
</section>
</div>`,
})

export const ACCOUNT_SCRIPT = `import { ask, element, whenSent } from '/sign-in/shared.js'

const WAYS = { password: 'by password', provider: 'by the identity provider', invitation: 'by invitation' }
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

const { answer: me, problem } = await ask('GET', '/api/session')
if (problem) location.replace('/sign-in?next=/account')
else await showMe()

async function showMe() {
  element('name').textContent = me.name
  element('role').textContent = me.role
  element('partner').textContent = me.partner ?? ''
  for (const part of document.querySelectorAll('.of-partner')) part.hidden = me.partner === undefined
  await showSessions()
  element('whole').hidden = false
}

async function showSessions() {
  const { answer, problem } = await ask('GET', '/api/sessions')
  element('sessions-fault').textContent = problem?.detail ?? ''
  if (problem) return
  element('sessions').replaceChildren(...answer.items.map(rowOf))
  const mine = answer.items.find(({ current }) => current)
  element('own-password').hidden = mine?.way === 'provider'
}

function rowOf({ session, way, address, agent, createdAt, seenAt, current }) {
  const row = document.createElement('li')
  const words = document.createElement('div')
  const where = document.createElement('strong')
  where.textContent = browserOf(agent) + (current ? ' (here)' : '')
  const when = document.createElement('div')
  when.className = 'faint'
  when.textContent =
    WAYS[way] + ' on ' + moment.format(new Date(createdAt)) + ', from ' + address +
    '; last seen ' + moment.format(new Date(seenAt))
  words.append(where, when)
  row.append(words)
  if (!current) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'quiet'
    button.textContent = 'End'
    button.setAttribute('aria-label', 'End the session in ' + browserOf(agent) + ', ' + when.textContent)
    button.addEventListener('click', async () => {
      button.disabled = true
      const { problem } = await ask('DELETE', '/api/sessions/' + session)
      await showSessions()
      element('sessions-fault').textContent = problem?.detail ?? element('sessions-fault').textContent
      element('ended').textContent = problem ? '' : 'Ended: ' + browserOf(agent) + '.'
    })
    row.append(button)
  }
  return row
}

function browserOf(agent) {
  const browser = /(Edg|Firefox|SamsungBrowser|Chrome|Safari)\\//.exec(agent.replace(/Chrome(?=.* Edg)/, ''))?.[1]
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(agent)?.[0]
  if (!browser) return agent.slice(0, 60) || 'A program'
  return ({ Edg: 'Edge', SamsungBrowser: 'Samsung Internet' }[browser] ?? browser) + (system ? ' on ' + system : '')
}

whenSent(element('password-form'), async ({ password, newPassword }) => {
  element('changed').textContent = ''
  const { problem } = await ask('POST', '/api/session/password', { password, newPassword })
  if (problem) return problem
  element('password-form').reset()
  for (const field of element('password-form').querySelectorAll('input[name]')) field.type = 'password'
  element('changed').textContent = 'Changed. You are signed out everywhere else.'
  await showSessions()
})

whenSent(element('sign-out'), async () => {
  const { problem } = await ask('DELETE', '/api/session')
  if (problem && problem.rule !== 'session-over') return problem
  location.replace('/sign-in')
})
`

import { pageOf, SHOW_PASSWORD } from './page.js'

export const INVITATION = pageOf({
  title: 'Choose your password',
  script: '/invitation/page.js',
  main: `<section>
<form id="form" method="post">
<div role="alert" class="fault"></div>
<p id="rules">At least 12 characters. Four words that only you would put together are good, and easy to type. Not your
name, nor what everybody tries.</p>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" maxlength="1000" required autofocus
aria-describedby="rules">
<label for="again">The same again</label>
<input id="again" name="again" type="password" autocomplete="new-password" maxlength="1000" required>
${SHOW_PASSWORD}
<button type="submit">Take this password</button>
</form>
</section>
<p class="faint">You are signed in by it at once. Wherever else you were signed in, you are signed out.</p>`,
})

export const INVITATION_SCRIPT = `import { ask, element, tell, whenSent } from '/sign-in/shared.js'

const form = element('form')
const invitation = location.hash.slice(1)
// Nobody who looks at the address bar or the history later shall find it.
history.replaceState(null, '', location.pathname)

if (!invitation) {
  tell(form, { detail: 'The link is not whole: open it just as it was given to you, or ask for another invitation.' })
  for (const part of form.elements) part.disabled = true
}

whenSent(form, async ({ password, again }) => {
  if (password !== again) return { errors: [{ pointer: '/again', message: 'the two are not the same' }] }
  const { problem } = await ask('POST', '/api/session/invitation', { invitation, password })
  if (!problem) location.replace('/account')
  return problem
})
`

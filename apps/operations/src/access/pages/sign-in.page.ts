import { pageOf, SHOW_PASSWORD } from './page.js'

export const SIGN_IN = pageOf({
  title: 'Sign in',
  script: '/sign-in/page.js',
  main: `<section>
<form id="form" method="post">
<div role="alert" class="fault"></div>
<label for="name">Name</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="100" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required>
${SHOW_PASSWORD}
<button type="submit">Sign in</button>
</form>
<div id="provider" hidden>
<p class="or">or</p>
<a class="button quiet" id="by-provider">Sign in with the provider</a>
</div>
</section>
<p class="faint">Password forgotten, or no account yet? Ask an administrator of Coiltrail for an invitation.</p>`,
})

export const SIGN_IN_SCRIPT = `import { ask, element, nextOr, tell, whenSent } from './shared.js'

const form = element('form')
const next = nextOr('/api/docs')

whenSent(form, async ({ name, password }) => {
  const { problem } = await ask('POST', '/api/session', { name, password })
  if (!problem) {
    location.replace(next)
    return
  }
  element('password').select()
  return problem
})

/** What may have gone wrong on the way by the provider. */
const WORDS = {
  'provider-unreachable': 'The identity provider does not answer now. Try again in a moment.',
  'sign-in-cancelled': 'The identity provider did not sign you in.',
  'sign-in-not-begun-here': 'That took too long, or began in another browser. Begin again here.',
  'provider-answer-not-valid': 'What the identity provider answered is not valid. Begin again here.',
  'claims-not-usable': 'The identity provider says of you what Coiltrail cannot use. Ask who runs Coiltrail: its log says what.',
  'account-closed': 'Your account here is closed. Ask an administrator of Coiltrail.',
  'no-rights': 'The identity provider does not say what you may do here. Ask an administrator of Coiltrail.',
  'public-url-not-set': 'Coiltrail was not told by which address browsers reach it. Ask who runs it to set PUBLIC_URL.',
}
const rule = new URLSearchParams(location.search).get('problem')
if (rule) tell(form, { detail: Object.hasOwn(WORDS, rule) ? WORDS[rule] : 'Signing in by the identity provider failed.' })

const { answer } = await ask('GET', '/api/session/provider/about')
if (answer?.provider) {
  element('by-provider').textContent = 'Sign in with ' + answer.provider
  element('by-provider').href = '/api/session/provider?next=' + encodeURIComponent(next)
  element('provider').hidden = false
}
`

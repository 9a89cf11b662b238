/** For a tablet in gloves: whatever can be pressed is 56 px high or more, with room between. Follows light and dark. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #f4f5f6;
  --sheet: #fff;
  --ink: #16202a;
  --faint: #50606f;
  --line: #75838f;
  --deed: #0b5cad;
  --on-deed: #fff;
  --fault: #a3120f;
  --fault-ground: #fdeceb;
  --good: #14602f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10161c;
    --sheet: #1a232c;
    --ink: #eef2f5;
    --faint: #b3c0cb;
    --line: #8696a4;
    --deed: #7cb8f5;
    --on-deed: #06203b;
    --fault: #ffb4ac;
    --fault-ground: #43191a;
    --good: #8fdcaa;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.125rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: clamp(1rem, 5vh, 4rem) 1rem; }
main.wide { max-width: 52rem; }
h1 { margin: 0 0 1rem; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; }
section { margin: 0 0 1.5rem; padding: clamp(1rem, 3vw, 1.75rem); background: var(--sheet); border-radius: .75rem; }
p { margin: 0 0 1rem; }
.faint { color: var(--faint); }
label { display: block; margin: 0 0 .25rem; font-weight: 600; }
input:not([type=checkbox]) {
  width: 100%; min-height: 3.5rem; margin: 0 0 1.25rem; padding: .5rem .875rem; font: inherit; color: inherit;
  background: var(--sheet); border: 2px solid var(--line); border-radius: .5rem;
}
input[aria-invalid=true] { border-color: var(--fault); }
.tick { display: flex; align-items: center; gap: .875rem; min-height: 3.5rem; margin: -.75rem 0 .75rem; font-weight: 400; }
.tick input { width: 1.75rem; height: 1.75rem; margin: 0; accent-color: var(--deed); }
button, a.button {
  display: flex; align-items: center; justify-content: center; width: 100%; min-height: 3.75rem; margin: 0;
  padding: .5rem 1.5rem; font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
  color: var(--on-deed); background: var(--deed); border: 2px solid var(--deed); border-radius: .5rem;
}
button.quiet, a.button.quiet { color: var(--deed); background: transparent; }
button[disabled] { opacity: .6; cursor: default; }
:focus-visible { outline: 4px solid var(--deed); outline-offset: 3px; }
.or { display: flex; align-items: center; gap: 1rem; margin: 1.25rem 0; color: var(--faint); }
.or::before, .or::after { content: ''; flex: 1; border-top: 1px solid var(--line); }
form + p { margin: 1rem 0 0; }
.fault { margin: 0 0 1rem; padding: .875rem 1rem; color: var(--fault); background: var(--fault-ground); border-radius: .5rem; }
.fault ul { margin: .25rem 0 0; padding-left: 1.25rem; }
.fault:empty, .good:empty { display: none; }
.good { color: var(--good); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 0 0 1rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
#sessions { list-style: none; margin: 0; padding: 0; }
#sessions li { display: flex; align-items: center; gap: 1rem; padding: .875rem 0; border-top: 1px solid var(--line); }
#sessions li > div { flex: 1; min-width: 0; overflow-wrap: anywhere; }
#sessions button { width: auto; min-width: 7rem; }
`

export interface PageParts {
  readonly title: string
  /** Address of its script, a module. */
  readonly script: string
  readonly main: string
  readonly wide?: boolean
}

/** A whole page: everything that it loads is a file of ours, so that its policy can forbid all else. */
export const pageOf = ({ title, script, main, wide = false }: PageParts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Coiltrail</title>
<link rel="stylesheet" href="/sign-in/style.css">
<script type="module" src="${script}"></script>
</head>
<body>
<main${wide ? ' class="wide"' : ''}>
<h1>${title}</h1>
<noscript><p class="fault">This page works with JavaScript only: switch it on, or use another browser.</p></noscript>
${main}
</main>
</body>
</html>
`

/** In gloves one mistypes, and wants to see it. */
export const SHOW_PASSWORD = '<label class="tick"><input type="checkbox"> Show what I type</label>'

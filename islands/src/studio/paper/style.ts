// How the page to take along looks, on screen and on paper: one sheet, system fonts, nothing fetched.
export const STYLE = `
:root { color-scheme: light; --paper: #f6f2e8; --sheet: #fdfaf3; --ink: #1e1b17; --ink-2: #544d44; --rule: #d9d0be; --line: #857b6c; --accent: #0b4a5e; --danger: #a32a1c; }
* { box-sizing: border-box; }
html { background: var(--paper); }
body { margin: 0 auto; max-width: 52rem; padding: 2.5rem 1.5rem 4rem; color: var(--ink); background: var(--paper); font: 400 1rem/1.5 Charter, "Iowan Old Style", Georgia, "Times New Roman", serif; overflow-wrap: break-word; }
h1 { font-size: 2rem; line-height: 1.15; margin: 0 0 .3rem; font-weight: 600; letter-spacing: -.015em; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; font-weight: 600; border-block-start: 1px solid var(--line); padding-block-start: .7rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
p { margin: 0 0 .6rem; max-width: 40rem; }
ul, ol { margin: 0 0 .6rem; padding-inline-start: 1.2rem; max-width: 40rem; }
a { color: var(--accent); }
.quiet { color: var(--ink-2); }
.small { font-size: .86rem; }
.danger { color: var(--danger); }
figure { margin: 1.4rem 0 0; }
figure svg { display: block; max-width: 100%; height: auto; max-height: 32rem; }
table { width: 100%; border-collapse: collapse; font: .86rem/1.4 "Source Sans 3", "Segoe UI", system-ui, sans-serif; font-variant-numeric: tabular-nums lining-nums; }
caption { text-align: start; color: var(--ink-2); padding-block-end: .3rem; }
th, td { text-align: start; vertical-align: baseline; padding: .3rem .9rem .3rem 0; border-block-end: 1px solid var(--rule); }
thead th { color: var(--ink-2); font-weight: 600; border-block-end-color: var(--line); }
:is(th, td).n { text-align: end; white-space: nowrap; }
tr > :last-child { padding-inline-end: 0; }
th .small { font-weight: 400; }
tr > td { overflow-wrap: anywhere; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 2px; padding: 0 .4rem; font-weight: 600; white-space: nowrap; }
.tag.met { border-color: var(--accent); color: var(--accent); }
.tag.missed { border: 2px solid var(--danger); color: var(--danger); }
.tag.undecided { border-style: dashed; }
.lead { font-size: 1.1rem; }
pre { background: var(--sheet); border: 1px solid var(--rule); padding: .8rem 1rem; font: .76rem/1.5 "IBM Plex Mono", ui-monospace, Menlo, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 .6rem; }
.link { font: .72rem/1.4 ui-monospace, Menlo, monospace; overflow-wrap: anywhere; }
@page { margin: 16mm 16mm 18mm; }
@media print {
  :root { --paper: #fff; --sheet: #fff; --ink: #000; --ink-2: #333; --rule: #bbb; --line: #777; --accent: #123f4e; --danger: #7d1c10; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  h1 { font-size: 20pt; }
  h2 { font-size: 12.5pt; break-after: avoid; }
  h3 { break-after: avoid; }
  figure, tr, .keep { break-inside: avoid; }
  thead { display: table-header-group; }
  p { orphans: 3; widows: 3; }
  figure svg { max-height: 120mm; }
  /* The picture brings its own paper. */
  figure svg [fill="#f6f2e8"] { fill: #fff; }
  figure svg [stroke="#f6f2e8"] { stroke: #fff; }
  pre { font-size: 7.5pt; }
}
`;

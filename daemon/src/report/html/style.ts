import { inks } from '../figure/ink.js';

const variables = (theme: 'light' | 'dark'): string =>
  Object.entries(inks)
    .map(([name, colours]) => `--${name}:${colours[theme]};`)
    .join('');

const inkClasses = Object.keys(inks)
  .map((name) => `.fill-${name}{fill:var(--${name})}.stroke-${name}{stroke:var(--${name})}`)
  .join('');

/** The one style sheet of a report: follows the reader's choice of light or dark, prints in light on A4 or Letter. */
export const style = `
:root{color-scheme:light dark;${variables('light')}}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}}
@media print{:root{color-scheme:light;${variables('light')}}}
${inkClasses}
.no-fill{fill:none}.no-stroke{stroke:none}
*{box-sizing:border-box}
html{font:17px/1.5 'Source Sans 3','Source Sans Pro','Segoe UI','Helvetica Neue',Arial,'DejaVu Sans',sans-serif}
body{margin:0 auto;max-width:50rem;padding:3rem 1.5rem 4rem;background:var(--paper);color:var(--text);font-variant-numeric:lining-nums tabular-nums}
header{border-bottom:2px solid var(--text);padding-bottom:1rem;margin-bottom:2rem}
h1{font-size:1.9rem;line-height:1.2;margin:0;font-weight:600;letter-spacing:-.01em;overflow-wrap:anywhere}
header p{margin:.4rem 0 0;color:var(--muted)}
h2{font-size:1.25rem;line-height:1.3;margin:2.8rem 0 .9rem;font-weight:600}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:1rem 0 0;font-size:.92rem}
nav a{color:var(--accent);text-decoration:none}
nav a:hover{text-decoration:underline}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
p{margin:.7rem 0;max-width:42rem}
.notice{border-left:4px solid var(--accent);background:var(--panel);padding:.7rem 1rem;margin:.8rem 0}
.notice.caution{border-color:var(--caution);background:var(--cautionPanel)}
.notice strong{display:block;font-weight:600}
.notice.caution strong{color:var(--caution)}
.notice p{margin:.15rem 0 0;overflow-wrap:anywhere}
figure{margin:1.4rem 0 2rem}
figure svg{display:block;width:100%;height:auto;font-family:inherit}
svg path{stroke-linejoin:round;stroke-linecap:butt}
figcaption,caption{font-size:.9rem;line-height:1.45;color:var(--muted);text-align:left}
figcaption{margin-top:.6rem}
.label{font-weight:600;color:var(--text)}
.pictures{display:grid;grid-template-columns:repeat(3,1fr);gap:clamp(.3rem,2vw,1rem)}
.picture{margin:0}
.picture>span{display:block;font-size:.9rem;margin-bottom:.25rem}
.frame{position:relative;background:#000;line-height:0}
.frame img{width:100%;height:auto}
.bar{position:absolute;left:5%;bottom:5%;height:4px;background:#fff;box-shadow:0 0 0 1px rgba(0,0,0,.65)}
.bar span{position:absolute;left:0;bottom:7px;font-size:.78rem;line-height:1;color:#fff;white-space:nowrap;text-shadow:0 0 3px #000,0 0 2px #000}
.scroll{overflow-x:auto;margin:1.2rem 0 1.8rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4}
caption{padding-bottom:.5rem;caption-side:top}
th,td{padding:.34rem .8rem .34rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);font-weight:400;overflow-wrap:anywhere}
thead th{font-weight:600;border-bottom:1.5px solid var(--text);overflow-wrap:normal;vertical-align:bottom}
th:last-child,td:last-child{padding-right:0}
.end{text-align:right;white-space:nowrap}
.fixed{font:.82em/1.5 ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;word-break:break-all}
footer{margin-top:3rem;padding-top:.8rem;border-top:1px solid var(--rule);font-size:.85rem;color:var(--muted)}
@page{margin:18mm 17mm}
@media print{html{font-size:10pt}body{max-width:none;padding:0}nav{display:none}h2{break-after:avoid;margin-top:1.8rem}
figure,tr,.notice{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible}
.frame,.bar,.notice{print-color-adjust:exact;-webkit-print-color-adjust:exact}figure svg{max-height:105mm}}
`;

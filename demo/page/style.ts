/** Style sheet of the page; system fonts only, colours chosen to be told apart in both schemes and by colour-blind readers. */
export const styleSheet = `
:root { color-scheme: light dark; --paper:#fdfcfa; --ink:#1d2126; --soft:#646c76; --rule:#d9d6d0; --panel:#f4f2ee;
  --before:#c2571a; --after:#1663a8; --truth:#1d2126; --reference:#3d8f6b; --global:#8a5fb0; --half:#9aa1a9; }
@media (prefers-color-scheme: dark) { :root { --paper:#15181c; --ink:#e7e5e1; --soft:#9aa3ad; --rule:#343a42; --panel:#1d2227;
  --before:#f0924f; --after:#5aa9ef; --truth:#e7e5e1; --reference:#63c39a; --global:#bd97e0; --half:#77808a; } }
* { box-sizing: border-box; }
body { margin:0; background:var(--paper); color:var(--ink); font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif; }
main { max-width:1180px; margin:0 auto; padding:44px 28px 80px; }
h1 { font-size:30px; line-height:1.2; letter-spacing:-.01em; margin:0 0 10px; font-weight:650; }
h2 { font-size:20px; margin:52px 0 6px; font-weight:650; letter-spacing:-.005em; }
p { max-width:76ch; margin:8px 0; } .lead { font-size:17px; } .soft, figcaption + .soft { color:var(--soft); }
.key { display:grid; grid-template-columns:repeat(auto-fit,minmax(230px,1fr)); gap:14px; margin:26px 0 6px; }
.key div { background:var(--panel); border-radius:8px; padding:14px 18px; }
.key b { display:block; font-size:27px; line-height:1.25; font-weight:620; font-variant-numeric:tabular-nums; }
.key span { color:var(--soft); font-size:14px; line-height:1.4; display:block; }
.slices { display:grid; grid-template-columns:repeat(4,1fr); gap:8px; margin:18px 0 6px; }
.slices figure { margin:0; } .slices img { width:100%; height:auto; display:block; border-radius:4px; background:#000; }
.slices .head { font-weight:600; font-size:15px; align-self:end; } .slices .head small { display:block; font-weight:400; color:var(--soft); font-size:13px; line-height:1.35; }
.slices figcaption { font-size:13px; color:var(--soft); margin:3px 0 8px; font-weight:400; }
.plots { display:grid; grid-template-columns:repeat(2,1fr); gap:30px 36px; margin-top:18px; }
.plots figure { margin:0; min-width:0; } figcaption { font-weight:600; font-size:15.5px; }
.plots p { font-size:14px; color:var(--soft); line-height:1.5; margin:4px 0 0; }
svg { width:100%; height:auto; display:block; overflow:visible; font:12.5px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; }
.grid { stroke:var(--rule); stroke-width:.7; } .frame { stroke:var(--soft); fill:none; } .level { stroke:var(--soft); stroke-dasharray:3 4; }
.tick { fill:var(--soft); } .label { fill:var(--ink); }
.curve { fill:none; stroke:currentColor; stroke-width:2.1; stroke-linejoin:round; } .band { fill:currentColor; opacity:.13; stroke:none; } .dot { fill:currentColor; }
.curve.reference { stroke-dasharray:6 4; } .curve.half { stroke-dasharray:2 3; } .curve.truth { stroke-width:1.6; }
.before { color:var(--before); } .after { color:var(--after); } .truth { color:var(--truth); } .reference { color:var(--reference); } .global { color:var(--global); } .half { color:var(--half); }
.legend { list-style:none; display:flex; flex-wrap:wrap; gap:2px 18px; padding:0; margin:4px 0 8px; font-size:13.5px; }
.legend i { display:inline-block; width:18px; height:3px; border-radius:2px; background:currentColor; margin-right:7px; vertical-align:middle; }
.scroll { overflow-x:auto; } table { border-collapse:collapse; font-variant-numeric:tabular-nums; font-size:14.5px; margin:14px 0; min-width:60%; }
th, td { text-align:right; padding:6px 16px 6px 0; border-bottom:1px solid var(--rule); } th:first-child, td:first-child { text-align:left; } th { font-weight:600; } td { white-space:nowrap; } .facts td { white-space:normal; vertical-align:top; } td.up { color:var(--after); font-weight:600; } td.down { color:var(--before); font-weight:600; }
.facts { display:grid; grid-template-columns:repeat(auto-fit,minmax(420px,1fr)); gap:0 48px; }
code, pre { font:13.5px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace; } pre { background:var(--panel); border-radius:8px; padding:12px 16px; overflow-x:auto; }
li { max-width:76ch; margin:5px 0; } ul.notes { padding-left:20px; }
.bar { display:inline-block; height:9px; border-radius:2px; background:var(--after); vertical-align:middle; opacity:.75; }
@media (max-width:820px) { .plots { grid-template-columns:1fr; } .slices { min-width:720px; } .facts { grid-template-columns:1fr; } main { padding:28px 16px 60px; } }
@media print { body { background:#fff; } h2 { break-after:avoid; } figure { break-inside:avoid; } }
`;

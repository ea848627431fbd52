/** Styles of the panel beside Mol*'s own; colours that stay readable on its light and dark skins. */
export const style = `
.locscale-panel .msp-control-row-ctrl select, .locscale-panel .msp-control-row-ctrl input { width: 100%; }
.locscale-note { padding: 6px 8px; margin: 1px 0; font-size: 12px; line-height: 1.35; background: rgba(128, 128, 128, .12); overflow-wrap: anywhere; }
.locscale-problem { border-left: 4px solid #c0392b; }
.locscale-note .msp-btn-link { height: auto; line-height: 1.35; padding: 0 6px; text-decoration: underline; width: auto; display: inline; }
.locscale-drop { padding: 6px 8px; font-size: 12px; line-height: 1.35; }
.locscale-drop input { width: 100%; margin-top: 4px; }
.locscale-slider { display: flex; align-items: center; height: 32px; gap: 4px; padding-left: 6px; }
.locscale-slider input[type=range] { flex: 1 1 40%; min-width: 40px; }
.locscale-slider input[type=number] { flex: 0 0 66px; width: 66px !important; padding: 0 2px; text-align: right; -moz-appearance: textfield; }
.locscale-unit { flex: 0 0 14px; font-size: 12px; }
.locscale-buttons { display: flex; flex-wrap: wrap; }
.locscale-panel .locscale-buttons button { flex: 1 1 auto; width: auto; padding: 0 5px; text-align: center; }
.locscale-panel .msp-control-row { display: flex; height: auto; min-height: 32px; }
.locscale-panel .msp-control-row > .msp-control-row-label, .locscale-panel .msp-control-row > .msp-control-button-label { flex: 0 0 100px; width: 100px; padding: 0 8px; }
.locscale-panel .msp-control-row > div.msp-control-row-ctrl { position: relative; inset: auto; flex: 1 1 0; min-width: 0; }
.locscale-jobs { list-style: none; margin: 1px 0; padding: 0; }
.locscale-jobs li { padding: 4px 8px; margin-bottom: 1px; background: rgba(128, 128, 128, .12); font-size: 12px; }
.locscale-job { display: flex; align-items: center; gap: 6px; }
.locscale-job-name { font-weight: bold; flex: 1 1 auto; }
.locscale-job .msp-btn-link { height: 22px; line-height: 22px; padding: 0 4px; width: auto; text-decoration: underline; }
.locscale-jobs progress { width: 100%; height: 8px; display: block; }
.locscale-job-step { overflow-wrap: anywhere; opacity: .85; }
.locscale-map { margin-top: 6px; border-top: 2px solid rgba(128, 128, 128, .35); }
.locscale-map-name { display: flex; align-items: center; padding: 4px 8px; font-weight: bold; }
.locscale-map-name span { flex: 1 1 auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.locscale-map-name .msp-btn-link { width: auto; height: 22px; line-height: 22px; text-decoration: underline; }
.locscale-legend { margin: 0; padding: 6px 8px; font-size: 12px; }
.locscale-legend-bar { height: 12px; margin: 3px 0; }
.locscale-legend-ends { display: flex; justify-content: space-between; }
.locscale-panel :focus-visible { outline: 2px solid #2f7fd0; outline-offset: -2px; }
`;

/**
 * Colours by what they mean. Series colours are the Okabe–Ito set (Color Universal Design, 2008), which people with any kind of
 * colour blindness tell apart; on a dark page they are lightened to keep a contrast of 4.5 : 1.
 */
export const inks = {
  text: { light: '#1c2530', dark: '#e6e9ee' },
  muted: { light: '#5b6673', dark: '#a3adba' },
  rule: { light: '#c9d0d8', dark: '#3d4753' },
  grid: { light: '#e7eaee', dark: '#29313b' },
  paper: { light: '#ffffff', dark: '#151a20' },
  panel: { light: '#f5f7f9', dark: '#1d242c' },
  accent: { light: '#0b5394', dark: '#7db8f0' },
  caution: { light: '#8a4b00', dark: '#f2b45c' },
  cautionPanel: { light: '#fff4e0', dark: '#33270f' },
  series1: { light: '#0072b2', dark: '#56b4e9' },
  series2: { light: '#d55e00', dark: '#ff9248' },
  series3: { light: '#00805f', dark: '#2fc79c' },
  series4: { light: '#a8457f', dark: '#e59ac5' },
  series5: { light: '#8a6d00', dark: '#e6c229' },
  series6: { light: '#4a5560', dark: '#b9c2cc' },
} as const satisfies Readonly<Record<string, { readonly light: string; readonly dark: string }>>;

export type Ink = keyof typeof inks;

/** Length of the dashes and of the gaps between them, points. */
export type Dash = readonly [length: number, gap: number];

/** Colour and dash of curve `index` of a plot; the dash tells curves apart on a black-and-white print. */
export const seriesStyle = (index: number): { readonly ink: Ink; readonly dash: Dash | null } =>
  styles[index % styles.length] as (typeof styles)[number];

const styles = [
  { ink: 'series1', dash: null },
  { ink: 'series2', dash: null },
  { ink: 'series3', dash: [7, 3] },
  { ink: 'series4', dash: [2, 2.5] },
  { ink: 'series5', dash: [11, 2] },
  { ink: 'series6', dash: [4, 3] },
] as const satisfies readonly { readonly ink: Ink; readonly dash: Dash | null }[];

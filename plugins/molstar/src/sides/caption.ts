/** The name of what a canvas shows, in its corner. */
export class Caption {
  readonly #element = document.createElement('div');

  constructor(parent: HTMLElement) {
    this.#element.dataset['name'] = 'caption';
    Object.assign(this.#element.style, {
      position: 'absolute',
      left: '10px',
      top: '8px',
      padding: '2px 8px',
      font: '13px sans-serif',
      color: '#222',
      background: 'rgba(255, 255, 255, .8)',
      pointerEvents: 'none',
    });
    parent.append(this.#element);
  }

  set text(text: string) {
    this.#element.textContent = text;
  }

  remove(): void {
    this.#element.remove();
  }
}

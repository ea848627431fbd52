import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { basename } from 'node:path';
import { onTestFinished } from 'vitest';

interface Model {
  spec: string;
  name: string;
  readonly path: string;
  visible: boolean;
  level: string;
  colour: string;
  transparency: string;
  /** Whether its surface has been drawn, which only a frame in between does. */
  drawn: boolean;
}

interface Reply {
  readonly values?: readonly (object | null)[];
  readonly notes?: readonly string[];
  readonly warnings?: readonly string[];
  readonly error?: { readonly type: string; readonly message: string };
  /** Problems that ChimeraX only logs, with `error` null. */
  readonly bugs?: readonly string[];
}

export interface FakeOptions {
  readonly bundle?: boolean;
  /** The server was started without `json true`. */
  readonly plainText?: boolean;
  /** Surfaces exist at once, as without a window. */
  readonly drawsAtOnce?: boolean;
}

/**
 * A server that answers as ChimeraX's REST server does, faults included: one request at a time, HTTP 200 with the error in the
 * answer, JSON within JSON, old data for a path that is open, 414 for long lines.
 */
export class FakeChimeraX {
  readonly commands: string[] = [];
  readonly models: Model[] = [];
  /** What the next commands that begin so are answered with instead; each once. */
  readonly surprises = new Map<string, Reply | 'hang' | 'broken'>();
  most = 0;
  url = '';
  #working = 0;
  #next = 1;
  #last: Promise<void> = Promise.resolve();
  readonly #options: FakeOptions;
  readonly #server = createServer((request, response) => {
    this.most = Math.max(this.most, ++this.#working);
    response.on('close', () => this.#working--);
    // The real one has a single thread: whoever comes waits.
    this.#last = this.#last.then(() => this.#answer(request, response));
  });

  private constructor(options: FakeOptions) {
    this.#options = options;
  }

  static async start(options: FakeOptions = {}): Promise<FakeChimeraX> {
    const fake = new FakeChimeraX(options);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    const address = fake.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    fake.url = `http://127.0.0.1:${address.port}`;
    onTestFinished(() => fake.quit());
    return fake;
  }

  /** The user leaves ChimeraX. */
  quit(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  named(name: string): Model | undefined {
    return this.models.find((model) => model.name === name);
  }

  /** Commands of which the first word is this. */
  sent(word: string): string[] {
    return this.commands.filter((command) => command.startsWith(`${word} `));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if ((request.url ?? '').length > 65536) return void response.writeHead(414).end();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://chimerax');
    if (pathname !== '/run') return void response.writeHead(404).end();
    const command = searchParams.get('command');
    if (command === null) return this.#send(response, { bugs: ['"command" parameter missing\n'] });
    this.commands.push(command);
    const surprise = [...this.surprises].find(([start]) => command.startsWith(start));
    if (surprise !== undefined) {
      this.surprises.delete(surprise[0]);
      if (surprise[1] === 'hang') return;
      if (surprise[1] === 'broken') return void response.destroy();
      return this.#send(response, surprise[1]);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
    this.#send(response, this.#run(command));
  }

  #send(response: ServerResponse, { values = [], notes = [], warnings = [], error, bugs = [] }: Reply): void {
    if (this.#options.plainText === true) {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end([...notes, error?.message].join('\n'));
      return;
    }
    const body = {
      'json values': error === undefined ? values.map((value) => (value === null ? null : JSON.stringify(value))) : [],
      'python values': [],
      'log messages': { note: notes, warning: warnings, error: [], bug: bugs },
      error: error ?? null,
    };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }

  #run(command: string): Reply {
    const [word = '', spec = '', ...rest] = command.split(' ');
    const model = this.models.find((candidate) => candidate.spec === spec);
    switch (word) {
      case 'version':
        return { notes: ['UCSF ChimeraX version: 1.12\n'], values: [null] };
      case 'usage':
        return this.#options.bundle === true
          ? { notes: ["'locscale apply' _job_ ['map' _density map_] -- Put a result in place\n"], values: [null] }
          : { warnings: [`"${command.slice('usage '.length)}" is not a command name\n`], values: [null] };
      case 'locscale':
        return this.#options.bundle === true ? { values: [{}] } : refused(`Unknown command: ${command}`);
      case 'info':
        return {
          values: [
            this.models.map(({ spec: id, name }) => ({
              ...{ spec: id, class: 'Volume', attribute: 'name', present: true },
              value: name,
            })),
          ],
        };
      case 'open':
        return this.#open(command);
      case 'wait':
        for (const shown of this.models) shown.drawn ||= shown.visible;
        return { values: [null] };
      case 'measure':
        return { notes: ['Enclosed volume for surface (#1.1) = 12345.6\n'], values: [null] };
      case 'color':
        return spec === 'sample' ? this.#sample(rest) : this.#change(model, { colour: rest[0] ?? '' });
      case 'show':
        return this.#change(model, { visible: true });
      case 'hide':
        return this.#change(model, { visible: false });
      case 'volume':
        return this.#change(model, rest[0] === 'origin' ? {} : { level: rest.join(' ') });
      case 'transparency':
        return this.#change(model, { transparency: rest[0] ?? '' });
      case 'close':
        if (model !== undefined) this.models.splice(this.models.indexOf(model), 1);
        return this.#change(model, {});
      default:
        return refused(`Unknown command: ${command}`);
    }
  }

  #open(command: string): Reply {
    const [, path, name] = /^open "([^"]+)" name "([^"\\]*)"$/.exec(command) ?? [];
    if (path === undefined || name === undefined) return refused('Expected a keyword');
    const spec = `#${this.#next++}`;
    const drawn = this.#options.drawsAtOnce === true;
    const model = { spec, path, name, visible: true };
    this.models.push({ ...model, drawn, level: '', colour: '', transparency: '' });
    return { notes: [`Opened ${basename(path)} as #1, grid size 8,8,8\n`], values: [{ 'model specs': [spec] }] };
  }

  #sample([spec, , by, , palette]: readonly string[]): Reply {
    const model = this.models.find((candidate) => candidate.spec === spec);
    if (model?.drawn === false) return refused('Only empty surface models specified');
    if (!this.models.some((candidate) => candidate.spec === by)) return refused(`No map ${by}`);
    return this.#change(model, { colour: `by ${by} ${palette}` });
  }

  #change(model: Model | undefined, change: Partial<Model>): Reply {
    if (model === undefined) return refused('No models specified');
    Object.assign(model, change);
    return { values: [null] };
  }
}

const refused = (message: string): Reply => ({ notes: [`${message}\n`], error: { type: 'UserError', message } });

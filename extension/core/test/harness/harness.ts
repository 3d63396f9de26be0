import {
  ApiProblem,
  buildHover,
  createPanel,
  createRunView,
  renderHoverDom,
  type EventList,
  type Lookup,
  type RunList
} from '../../src/index.js';
import { FaultyHost, RecordedHost } from '../recorded_host.js';
import { SNIPPET, answers } from '../recordings/answers.js';

declare global {
  interface Window {
    /** What the last exported picture does not show although the page does; for the script that drives the page. */
    missingFromPicture(): Promise<string[]>;
  }
}

/** A page with one view on recorded answers, to look at: ?view=panel|empty|failed|hover|run|midway|sofar&theme=dark&locale=zh */
const query = new URLSearchParams(location.search);
const faulty = ['midway', 'sofar', 'failed'].includes(query.get('view') ?? '');
const host = faulty ? new FaultyHost(answers()) : new RecordedHost(answers());
host.setTheme(query.get('theme') === 'dark' ? 'dark' : 'light');
host.setLocale(query.get('locale') === 'zh' ? 'zh' : 'en');
host.cspNonce = document.currentScript?.nonce ?? '';
download(host);
window.missingFromPicture = () => missingFrom(host.saved.at(-1)?.content);
document.documentElement.dataset['theme'] = host.theme();
const place = document.getElementById('view');
if (place) {
  switch (query.get('view')) {
    case 'run':
      createRunView(host, place);
      break;
    case 'midway':
      midway(host as FaultyHost, place, [0.5, 0]);
      break;
    case 'sofar':
      midway(host as FaultyHost, place, [1, 0.7]);
      break;
    case 'hover': {
      const { lookup } = answers().get('POST lookup') as { lookup: Lookup };
      place.append(renderHoverDom(buildHover(lookup, host.locale()), host));
      break;
    }
    default: {
      if (host instanceof FaultyHost) {
        host.fail('POST convert', new ApiProblem('unreachable', '', 0));
      }
      const panel = createPanel(host, place);
      const document = { type: 'module', text: SNIPPET } as const;
      panel.show(query.get('view') === 'empty' ? null : { document, line: 6, column: 8, title: 'snippet.py' });
    }
  }
}

/** Two runs of which each has told a share of its events; a third failed some time ago. */
function midway(faulty: FaultyHost, element: HTMLElement, shares: readonly [number, number]): void {
  const [mxnet, pytorch] = (faulty.answers.get('GET runs') as RunList).runs;
  if (!mxnet || !pytorch) {
    return;
  }
  const fresh = { epochs: [], test_accuracy: null, environment: null, started: null, ended: null } as const;
  const old = { id: 'x', comparison: 'x', state: 'failed', reason: "ImportError: No module named 'mxnet'." } as const;
  const waiting = { ...mxnet, ...fresh, state: 'queued', reason: 'Waits for the run before it.' };
  const running = { ...pytorch, ...fresh, state: 'running' };
  faulty.answers.set('GET runs', { runs: [waiting, running, { ...mxnet, ...fresh, ...old }], total: 60 });
  createRunView(faulty, element);
  element.querySelector('details')?.setAttribute('open', '');
  setTimeout(() => {
    [pytorch, mxnet].forEach((run, index) => {
      const { events } = faulty.answers.get(`GET runs/${run.id}/events`) as EventList;
      events.slice(0, events.length * (shares[index] ?? 0)).forEach(event => faulty.sockets[index]?.send(event));
    });
  }, 300);
}

/** Files are downloaded too, as a browser does it. */
function download(recorded: RecordedHost): void {
  const keep = recorded.saveFile.bind(recorded);
  recorded.saveFile = async (name, content) => {
    await keep(name, content);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
  };
}

const LEGEND = 24; // CSS pixels at the picture's head

/** Colours of the page that the picture's chart or legend has not a single pixel of. */
async function missingFrom(picture: Blob | undefined): Promise<string[]> {
  const root = document.querySelector('.diptych');
  if (picture?.type !== 'image/png' || root === null) {
    return ['everything: it is no PNG'];
  }
  const image = await createImageBitmap(picture);
  const head = LEGEND * devicePixelRatio;
  const found = { legend: colours(image, 0, head), chart: colours(image, head, image.height - head) };
  return ['--diptych-background', '--diptych-pytorch', '--diptych-mxnet'].flatMap(variable => {
    const colour = getComputedStyle(root).getPropertyValue(variable).trim().toLowerCase();
    return Object.entries(found).flatMap(([part, set]) => (set.has(colour) ? [] : [`${variable} in its ${part}`]));
  });
}

function colours(image: ImageBitmap, top: number, height: number): ReadonlySet<string> {
  const context = new OffscreenCanvas(image.width, height).getContext('2d');
  context?.drawImage(image, 0, -top);
  const pixels = context?.getImageData(0, 0, image.width, height).data ?? [];
  const found = new Set<string>();
  for (let index = 0; index < pixels.length; index += 4) {
    found.add(`#${[0, 1, 2].map(part => (pixels[index + part] ?? 0).toString(16).padStart(2, '0')).join('')}`);
  }
  return found;
}

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

/** A page with one view on recorded answers, to look at: ?view=panel|empty|failed|hover|run|midway&theme=dark&locale=zh */
const query = new URLSearchParams(location.search);
const host =
  query.get('view') === 'midway' || query.get('view') === 'failed'
    ? new FaultyHost(answers())
    : new RecordedHost(answers());
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
      midway(host as FaultyHost, place);
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

/** One run has told half of its events and tells the rest later, another waits; a third failed some time ago. */
function midway(faulty: FaultyHost, element: HTMLElement): void {
  const { runs } = faulty.answers.get('GET runs') as RunList;
  const [mxnet, pytorch] = runs;
  if (!mxnet || !pytorch) {
    return;
  }
  const { events } = faulty.answers.get(`GET runs/${pytorch.id}/events`) as EventList;
  const fresh = { epochs: [], test_accuracy: null, environment: null, started: null, ended: null } as const;
  const failed = {
    ...mxnet,
    ...fresh,
    id: 'x',
    comparison: 'x',
    state: 'failed',
    reason: "ImportError: No module named 'mxnet'."
  };
  const waiting = { ...mxnet, ...fresh, state: 'queued', reason: 'Waits for the run before it.' };
  faulty.answers.set('GET runs', { runs: [waiting, { ...pytorch, ...fresh, state: 'running' }, failed], total: 60 });
  createRunView(faulty, element);
  element.querySelector('details')?.setAttribute('open', '');
  setTimeout(() => events.slice(0, events.length / 2).forEach(event => faulty.sockets[0]?.send(event)), 300);
  setTimeout(() => events.forEach(event => faulty.sockets[0]?.send(event)), 3000);
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

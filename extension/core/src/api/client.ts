import type { Disposable, Host } from '../host.js';
import type {
  CheckProgress,
  CheckRequest,
  Comparison,
  Conversion,
  ConvertRequest,
  EquivalenceEntry,
  EquivalenceList,
  EventList,
  Framework,
  LookupRequest,
  LookupResponse,
  Run,
  RunEvent,
  RunList,
  RunRequest,
  RunsStarted,
  RuntimeList,
  ScriptParameters,
  ShippedScript
} from './types.js';

/** The server's REST interface, one method a route. Every method throws `ApiProblem`. */
export class DiptychClient {
  constructor(private readonly host: Host) {}

  equivalences(query: string, limit = 50, offset = 0, signal?: AbortSignal): Promise<EquivalenceList> {
    const search = new URLSearchParams({ query, limit: String(limit), offset: String(offset) });
    return this.host.request('GET', `equivalences?${search}`, undefined, signal);
  }

  equivalence(id: string, signal?: AbortSignal): Promise<EquivalenceEntry> {
    return this.host.request('GET', `equivalences/${encodeURIComponent(id)}`, undefined, signal);
  }

  lookup(request: LookupRequest, signal?: AbortSignal): Promise<LookupResponse> {
    return this.host.request('POST', 'lookup', request, signal);
  }

  convert(request: ConvertRequest, signal?: AbortSignal): Promise<Conversion> {
    return this.host.request('POST', 'convert', request, signal);
  }

  /** Executes the document and its conversion. */
  startCheck(
    request: Partial<CheckRequest> & Pick<CheckRequest, 'document'>,
    signal?: AbortSignal
  ): Promise<CheckProgress> {
    return this.host.request('POST', 'checks', request, signal);
  }

  check(id: string, signal?: AbortSignal): Promise<CheckProgress> {
    return this.host.request('GET', `checks/${encodeURIComponent(id)}`, undefined, signal);
  }

  /** Ends a check with both its processes. */
  deleteCheck(id: string, signal?: AbortSignal): Promise<void> {
    return this.host.request('DELETE', `checks/${encodeURIComponent(id)}`, undefined, signal);
  }

  runtimes(signal?: AbortSignal): Promise<RuntimeList> {
    return this.host.request('GET', 'runtimes', undefined, signal);
  }

  script(framework: Framework, signal?: AbortSignal): Promise<ShippedScript> {
    return this.host.request('GET', `scripts/${framework}`, undefined, signal);
  }

  /** What the form can set in a script as it stands in the editor. */
  parameters(text: string, signal?: AbortSignal): Promise<ScriptParameters> {
    return this.host.request('POST', 'parameters', { text }, signal);
  }

  start(request: Partial<RunRequest>, signal?: AbortSignal): Promise<RunsStarted> {
    return this.host.request('POST', 'runs', request, signal);
  }

  runs(limit = 50, offset = 0, signal?: AbortSignal): Promise<RunList> {
    const search = new URLSearchParams({ limit: String(limit), offset: String(offset) });
    return this.host.request('GET', `runs?${search}`, undefined, signal);
  }

  run(id: string, signal?: AbortSignal): Promise<Run> {
    return this.host.request('GET', `runs/${encodeURIComponent(id)}`, undefined, signal);
  }

  cancel(id: string, signal?: AbortSignal): Promise<Run> {
    return this.host.request('POST', `runs/${encodeURIComponent(id)}/cancel`, undefined, signal);
  }

  delete(id: string, signal?: AbortSignal): Promise<void> {
    return this.host.request('DELETE', `runs/${encodeURIComponent(id)}`, undefined, signal);
  }

  /** Events after sequence number `since`, for hosts whose network lets no WebSocket through. */
  events(id: string, since: number, signal?: AbortSignal): Promise<EventList> {
    return this.host.request('GET', `runs/${encodeURIComponent(id)}/events?since=${since}`, undefined, signal);
  }

  /** The same events as they happen. */
  stream(id: string, since: number, onEvent: (event: RunEvent) => void, onClose: () => void): Disposable {
    const path = `runs/${encodeURIComponent(id)}/stream?since=${since}`;
    return this.host.subscribe(path, message => onEvent(message as RunEvent), onClose);
  }

  comparison(runs: readonly string[], signal?: AbortSignal): Promise<Comparison> {
    return this.host.request('GET', `comparisons?runs=${runs.map(encodeURIComponent).join(',')}`, undefined, signal);
  }
}

import check from './check.json' with { type: 'json' };
import comparison from './comparison.json' with { type: 'json' };
import module from './convert_module.json' with { type: 'json' };
import equivalences from './equivalences.json' with { type: 'json' };
import eventsMxnet from './events_mxnet.json' with { type: 'json' };
import eventsPytorch from './events_pytorch.json' with { type: 'json' };
import lookup from './lookup_linear.json' with { type: 'json' };
import parametersNone from './parameters_none.json' with { type: 'json' };
import runs from './runs.json' with { type: 'json' };
import started from './runs_started.json' with { type: 'json' };
import runtimes from './runtimes.json' with { type: 'json' };
import scriptMxnet from './script_mxnet.json' with { type: 'json' };
import scriptPytorch from './script_pytorch.json' with { type: 'json' };

/** The text that the recorded conversion is of. */
export const SNIPPET: string = module.text;

/** Answers of a real server by method and path, the query left out. */
export function answers(): Map<string, unknown> {
  const found = new Map<string, unknown>([
    ['POST convert', module],
    ['POST lookup', lookup],
    ['POST parameters', parametersNone],
    ['POST checks', { ...check, phase: 'running', check: null }],
    [`GET checks/${check.id}`, check],
    [`DELETE checks/${check.id}`, undefined],
    ['GET runtimes', runtimes],
    ['GET scripts/pytorch', scriptPytorch],
    ['GET scripts/mxnet', scriptMxnet],
    ['GET runs', runs],
    ['POST runs', started],
    ['GET comparisons', comparison]
  ]);
  Object.entries(equivalences).forEach(([id, entry]) => found.set(`GET equivalences/${id}`, entry));
  for (const events of [eventsPytorch, eventsMxnet]) {
    found.set(`GET runs/${events.run.id}`, events.run);
    found.set(`GET runs/${events.run.id}/events`, events);
  }
  return found;
}

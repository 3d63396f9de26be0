import type { Run } from '../api/types.js';
import type { Locale, Say } from '../strings.js';

/** 4.13 s, 75 s, 3 min 5 s. */
export function duration(seconds: number, say: Say): string {
  if (seconds < 120) {
    return say('run.seconds.unit', { value: seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0) });
  }
  const whole = Math.round(seconds);
  return say('run.minutes.unit', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

export function loss(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4) : String(value);
}

export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)}%`;
}

/** The moment a run was asked for, in the user's own time. */
export function moment(run: Pick<Run, 'created'>, locale: Locale): string {
  const options = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return new Date(run.created * 1000).toLocaleString(locale === 'zh' ? 'zh-CN' : 'en-GB', options);
}

/** What a run is called: its framework, and its repeat where there is more than one of it. */
export function runName(run: Pick<Run, 'framework' | 'repeat'>, repeated: boolean, say: Say): string {
  const framework = say(`framework.${run.framework}`);
  return repeated ? `${framework} · ${say('run.repeat', { number: run.repeat + 1 })}` : framework;
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

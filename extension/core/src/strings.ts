import { english } from './strings_en.js';
import { chinese } from './strings_zh.js';

export type Locale = 'en' | 'zh';

export type MessageKey = keyof typeof english;

/** A sentence of the interface; `{name}` in it is replaced by `values.name`. */
export type Say = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

const catalogues: Readonly<Record<Locale, Readonly<Record<MessageKey, string>>>> = { en: english, zh: chinese };

/** The interface's sentences in one language. */
export function strings(locale: Locale): Say {
  const catalogue = catalogues[locale];
  return (key, values = {}) =>
    catalogue[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

type Attribute = string | number | boolean | null | undefined;
type Child = Node | string | null | undefined | false;

type Handlers = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

interface Attributes {
  readonly [name: string]: Attribute | Handlers;
  readonly on?: Handlers;
}

/**
 * An element with attributes, listeners and children; strings become text, so no data is ever read as markup. True
 * gives an empty attribute, false, null and undefined none.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'on') {
      setAttribute(element, name, value as Attribute);
    }
  }
  for (const [type, listener] of Object.entries(attributes.on ?? {})) {
    element.addEventListener(type, listener as EventListener);
  }
  element.append(...present(children));
  return element;
}

export function setAttribute(element: Element, name: string, value: Attribute): void {
  if (value === false || value === null || value === undefined) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

export function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false);
}

/** Text with code in backquotes, as the records write it. */
export function inline(text: string): (HTMLElement | string)[] {
  return text
    .split(/(`[^`]+`)/)
    .filter(part => part !== '')
    .map(part => (part.length > 2 && part.startsWith('`') ? h('code', {}, part.slice(1, -1)) : part));
}

let counter = 0;

/** An id that no other element of the page has. */
export function uniqueId(prefix: string): string {
  counter += 1;
  return `diptych-${prefix}-${counter}`;
}

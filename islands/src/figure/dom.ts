// Elements in one expression; text is always text, never markup.

type Attributes = Record<string, string | number | boolean>;

export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  give(element, attributes);
  element.append(...children);
  return element;
}

export function svg<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Attributes = {}): SVGElementTagNameMap[Name] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  give(element, attributes);
  return element;
}

function give(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
}

const OPEN = "{%";
const CLOSE = "%}";

export const isExpression = (text: string): boolean => text.startsWith(OPEN) && text.endsWith(CLOSE);

/** `$x` of `{% $x %}`. */
export const expressionOf = (text: string): string => text.slice(OPEN.length, -CLOSE.length).trim();

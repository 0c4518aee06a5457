/** Makes `Date`, `Intl.DateTimeFormat` and `performance.now` of this thread tell the time that `now` tells. */
export function installVirtualDate(now: () => number): void {
  const RealDate = globalThis.Date;
  // A Proxy and no subclass: it keeps Date.prototype, so that instanceof and structuredClone go on working.
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });

  const prototype = Intl.DateTimeFormat.prototype;
  const formatOf = Object.getOwnPropertyDescriptor(prototype, "format")?.get;
  Object.defineProperty(prototype, "format", {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format = formatOf?.call(this) as (date: number | Date) => string;
      return (date: number | Date = now()) => format(date);
    },
  });
  const toParts = prototype.formatToParts;
  prototype.formatToParts = function (date = now()) {
    return toParts.call(this, date);
  };

  const started = now();
  performance.now = () => now() - started;
}

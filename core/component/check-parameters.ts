/** The parameters and constants that a component document declares. */
export interface Declared {
  readonly parameters: readonly { readonly name: string; readonly default: string | undefined }[];
  readonly constants: readonly string[];
}

/**
 * - `unknown`: the document does not declare the parameter.
 * - `constant`: the document has a constant of this name.
 * - `missing`: the document declares the parameter without a default, and it has no value.
 */
export interface ParameterFault {
  readonly kind: "unknown" | "constant" | "missing";
  readonly name: string;
  readonly what: string;
}

/**
 * Compares the parameters that a recipe passes to a component with those that its document declares. Image Builder rejects
 * recipes with such faults (user guide, "Use variables in your custom component document").
 */
export function checkParameters({ parameters, constants }: Declared, given: readonly string[]): ParameterFault[] {
  const names = parameters.map(({ name }) => name);
  const known = names.length > 0 ? `it has ${names.join(", ")}` : "it has none";
  return [
    ...given
      .filter((name) => !names.includes(name))
      .map(
        (name): ParameterFault =>
          constants.includes(name)
            ? {
                kind: "constant",
                name,
                what: `${name} is a constant of the document, which recipes cannot set; ${known}`,
              }
            : { kind: "unknown", name, what: `the document has no parameter ${name}; ${known}` },
      ),
    ...parameters
      .filter((one) => one.default === undefined && !given.includes(one.name))
      .map(
        ({ name }): ParameterFault => ({
          kind: "missing",
          name,
          what: `the document's parameter ${name} has no default and no value`,
        }),
      ),
  ];
}

import * as z from "zod";

/** The `source` of all events on the factory's bus. */
export const factorySource = "amint";

/** EventBridge's envelope, with the fields that the factory uses. */
const envelope = z.object({
  id: z.string().min(1),
  time: z.iso.datetime(),
  account: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
});

/** A rule's event for a function: the envelope with the event's detail. */
const toEnvelope = <Name extends string, Detail extends z.ZodType>(detailType: Name, detail: Detail) =>
  envelope.extend({ source: z.literal(factorySource), "detail-type": z.literal(detailType), detail });

/** The definition of an event: its name, its schema without and with the envelope, and the pattern for rules. */
export interface EventDefinition<Name extends string, Detail extends z.ZodType> {
  readonly detailType: Name;
  readonly detail: Detail;
  readonly schema: ReturnType<typeof toEnvelope<Name, Detail>>;
  readonly pattern: { readonly source: string[]; readonly "detail-type": Name[] };
}

/** A domain event, `noun.past-tense`, of the factory's bus. */
export const defineEvent = <const Name extends string, Detail extends z.ZodType>(
  detailType: Name,
  detail: Detail,
): EventDefinition<Name, Detail> => ({
  detailType,
  detail,
  schema: toEnvelope(detailType, detail),
  pattern: { source: [factorySource], "detail-type": [detailType] },
});

/**
 * The detail of a call logged by CloudTrail: with parameters if it succeeded, with an error code if it was denied and
 * changed nothing.
 */
export const loggedCall = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.union([
    z.object({ eventName: z.string(), errorCode: z.undefined().optional(), ...shape }),
    z.object({ eventName: z.string(), errorCode: z.string() }),
  ]);

/** An AWS event on the default bus. */
export const defineAwsEvent = <const Source extends string, const Name extends string, Detail extends z.ZodType>(
  source: Source,
  detailType: Name,
  detail: Detail,
) => ({
  schema: envelope.extend({ source: z.literal(source), "detail-type": z.literal(detailType), detail }),
  pattern: { source: [source], "detail-type": [detailType] },
});

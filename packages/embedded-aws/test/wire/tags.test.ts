import { describe, expect, it } from "vitest";
import { anAws } from "../ec2/an-aws.ts";
import { type Call, type Form, TAGGABLE } from "./taggable.ts";

const written = (tags: Record<string, string>, form: Form): unknown =>
  form === "map" ? tags : Object.entries(tags).map(([key, value]) => ({ [form[0]]: key, [form[1]]: value }));

/** Lists of tags have no order. */
const sorted = (tags: unknown): unknown =>
  Array.isArray(tags) ? tags.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : tags;

describe.each(TAGGABLE)("$service: $what", (taggable) => {
  const {
    service,
    form = ["Key", "Value"],
    notFound: code = "ResourceNotFoundException",
    tags = "Tags",
    keys = "TagKeys",
    shown = tags,
  } = taggable;
  const { add = "TagResource", remove = "UntagResource", show = "ListTagsForResource" } = taggable;
  const open = () => {
    const { by } = anAws();
    return ((operation, input, of = service) => by(of)(operation, input)) satisfies Call as Call;
  };

  it("has the tags that it was made with, and those that came later, and no others", async () => {
    const call = open();
    const made = written({ team: "images", stage: "test" }, form);
    const target = (await taggable.create(call, made)) ?? taggable.target;
    const shownNow = async () => sorted((await call(show, { ...target }))[shown]);
    const before = await shownNow();

    const changed = { stage: "live", cost: "1" };
    await call(add, { ...target, [tags]: written(changed, form) });
    await call(remove, { ...target, [keys]: ["team"] });

    expect(before).toEqual(sorted(made));
    expect(await shownNow()).toEqual(sorted(written(changed, form)));
  });

  it("that does not exist is refused with AWS's code", async () => {
    const call = open();
    const { missing } = taggable;

    await expect(call(show, missing)).rejects.toMatchObject({ code });
    await expect(call(add, { ...missing, [tags]: written({ a: "b" }, form) })).rejects.toMatchObject({ code });
    await expect(call(remove, { ...missing, [keys]: ["a"] })).rejects.toMatchObject({ code });
  });
});

// @module-tag deep
import { test } from "vitest";
import { checkLife, wholeMonth } from "./shared-lives.ts";

test("each grant missing in the month is refused, named and noticed", () => checkLife(wholeMonth));

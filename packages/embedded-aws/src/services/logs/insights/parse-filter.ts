import type { Row, Value } from "./record.ts";
import type { TokenReader } from "./token-reader.ts";

export type RowTest = (row: Row) => boolean;

/** `level = "ERROR" and (@message like /time(d)? out/ or not ispresent(status))` */
export function parseFilter(reader: TokenReader): RowTest {
  return either(reader);
}

function either(reader: TokenReader): RowTest {
  let test = both(reader);
  while (reader.takeWord("or")) {
    const [one, other] = [test, both(reader)];
    test = (row) => one(row) || other(row);
  }
  return test;
}

function both(reader: TokenReader): RowTest {
  let test = negated(reader);
  while (reader.takeWord("and")) {
    const [one, other] = [test, negated(reader)];
    test = (row) => one(row) && other(row);
  }
  return test;
}

function negated(reader: TokenReader): RowTest {
  if (reader.takeWord("not")) {
    const test = negated(reader);
    return (row) => !test(row);
  }
  if (reader.take("(")) {
    const test = either(reader);
    reader.require(")");
    return test;
  }
  return condition(reader);
}

function condition(reader: TokenReader): RowTest {
  const field = reader.name();
  if (reader.take("(")) {
    if (field !== "ispresent") throw reader.notBuilt(`the function ${field}`);
    const asked = reader.name();
    reader.require(")");
    return (row) => row.get(asked) !== undefined;
  }
  if (reader.takeWord("not")) {
    const test = like(reader, field);
    return (row) => !test(row);
  }
  if (reader.isWord("like") || reader.is("=~")) return like(reader, field);
  if (reader.isWord("in")) throw reader.notBuilt("the operator in");
  const operator = ["!=", ">=", "<=", "=", ">", "<"].find((one) => reader.take(one));
  if (operator === undefined) throw reader.unexpected();
  const operand = reader.operand();
  return (row) => compares(operator, row.get(field), operand(row));
}

/** A string matches as a substring; a regular expression matches anywhere in the value. */
function like(reader: TokenReader, field: string): RowTest {
  if (!reader.take("=~") && !reader.takeWord("like")) throw reader.unexpected();
  const pattern = reader.pattern();
  return (row) => {
    const value = row.get(field);
    return value !== undefined && value !== null && pattern(String(value));
  };
}

function compares(operator: string, value: Value, other: Value): boolean {
  if (value === undefined || value === null) return operator === "!=" && other !== undefined;
  const [one, two] = [Number(value), Number(other)];
  const isNumeric = value !== "" && other !== "" && !Number.isNaN(one) && !Number.isNaN(two);
  const order = isNumeric ? one - two : String(value) < String(other) ? -1 : String(value) > String(other) ? 1 : 0;
  if (operator === "=") return order === 0;
  if (operator === "!=") return order !== 0;
  if (operator === ">") return order > 0;
  if (operator === ">=") return order >= 0;
  return operator === "<" ? order < 0 : order <= 0;
}

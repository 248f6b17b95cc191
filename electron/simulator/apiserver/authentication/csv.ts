/**
 * The records of a CSV text, with the rules and the error texts of Go's encoding/csv: they are what kube-apiserver says of
 * its files. Lines that are empty are left out.
 * @throws Error that names the line and the column.
 */
export function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const record: string[] = [];
    const firstLine = line;
    let lineStart = at;
    for (;;) {
      const field = text[at] === '"' ? quotedField() : plainField();
      record.push(field);
      if (text[at] !== ',') break;
      at++;
    }
    if (text[at] === '\n') at++;
    line++;
    if (record.length > 1 || record[0] !== '' || text[lineStart] === '"') records.push(record);

    function plainField(): string {
      const start = at;
      while (at < text.length && text[at] !== ',' && text[at] !== '\n') {
        if (text[at] === '"') fail('bare " in non-quoted field');
        at++;
      }
      return text.slice(start, at).replace(/\r$/, '');
    }

    function quotedField(): string {
      let value = '';
      at++;
      for (;;) {
        const char = text[at];
        if (char === undefined) fail('extraneous or missing " in quoted-field');
        at++;
        if (char !== '"') {
          value += char;
          if (char === '\n') {
            line++;
            lineStart = at;
          }
        } else if (text[at] === '"') {
          value += '"';
          at++;
        } else {
          if (text[at] === '\r' && text[at + 1] === '\n') at++;
          if (text[at] !== undefined && text[at] !== ',' && text[at] !== '\n') {
            at--;
            fail('extraneous or missing " in quoted-field');
          }
          return value;
        }
      }
    }

    function fail(what: string): never {
      const where = `parse error on line ${line}, column ${at - lineStart + 1}: ${what}`;
      throw new Error(line === firstLine ? where : `record on line ${firstLine}; ${where}`);
    }
  }
  return records;
}

// Comments stay with what they were written about: through a change of the design, when what they
// stood at is gone, and whatever the text is.
import { describe, expect, it } from 'vitest';
import { commentsOf, readComments, withComments } from './comments.ts';
import type { Design, Tree } from './document.ts';
import { readDesign } from './read.ts';
import { toToml } from './toml.ts';

const TEXT = `# The shop, as it is today.
octo = 1

# What there is.
[components]
users = { kind = "clients" }
# Three, since one is repaired on Mondays.
web = { kind = "service", replicas = 3 }  # grows in autumn
db = { kind = "relational" }

[workload]
request = { from = "users", arrivals = "poisson 100/s" } # "as # measured"
# The end.
`;

const printed = (text: string, change: (design: ReturnType<typeof toTree>) => void = () => {}) => {
  const design = toTree(text);
  change(design);
  return withComments(toToml(design), commentsOf(text));
};
const toTree = (text: string) => structuredClone(readDesign(text).design!) as Design & { components: Tree };

describe('comments', () => {
  it('stand where they stood when the design is printed anew', () => {
    const now = printed(TEXT);
    expect(now).toContain('# The shop, as it is today.\nocto');
    expect(now).toContain('# What there is.\n[components]');
    expect(now).toMatch(/# Three, since one is repaired on Mondays\.\nweb .*#? grows in autumn/);
    expect(now).toMatch(/poisson 100\/s.* {2}# "as # measured"\n/);
    expect(now.endsWith('\n\n# The end.\n')).toBe(true);
    expect(readDesign(now).design).toEqual(readDesign(TEXT).design);
    expect(commentsOf(now)).toEqual(commentsOf(TEXT));
  });

  it('are not lost with what they were about', () => {
    const now = printed(TEXT, ({ components }) => delete components['web']);
    expect(now).not.toContain('web =');
    expect(now).toMatch(/# Three, since one is repaired on Mondays\.\n# grows in autumn\n/);
  });

  it('come to what they are a part of when that is written shorter', () => {
    const long = '[components.web]\nkind = "service"\n# Measured in May.\ntime = "5 ms"\n';
    expect(printed(long)).toBe('[components]\n# Measured in May.\nweb = { kind = "service", time = "5 ms" }\n');
  });

  it.each(['', '{"octo": 1}', 'flowchart LR\n a --> b # no', 'no # text', '[components]\n"""#"""\n'])('are none in %j', (text) => {
    expect(withComments('octo = 1\n', commentsOf(text))).toBe('octo = 1\n');
  });

  it.each([null, 3, [], { a: null }, { a: { above: ['no comment', '# one', '# two\nlines = 1'], beside: 'x = 1' } }])('are read from what was kept, whatever it is: %j', (value) => {
    for (const { above = [], beside = '# ' } of Object.values(readComments(value))) for (const line of [...above, beside]) expect(line).toMatch(/^#[^\n]*$/);
  });
});

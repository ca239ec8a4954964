use super::*;

fn formatted(rules: &str) -> String {
    format_rules(rules).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

#[test]
fn one_true_form() {
    let rules = r#"
-- what is counted


Item  missile
  type one of ICBM ,SLBM   -- by how it is launched
  re-entry vehicles  count

  -- where it stands
  place place
  Declared every 1 years
measure a = number of missiles
measure b=( number of missiles+1 )*2
limit (a)  "x"
 EACH-1, US : a at   most 5  for each type   From 7 Years after Entry into force
 each party:a<=
  5 kg of   uranium from 2001-01-01  -- first
  6 from 2002-01-01
duty "y"
  each party: whenever it makes a launch it gives notice of that launch at least 1 hours before else "z"
reading [ US ] "r"
    measure a = x on 2020-01-01
    date d = 5 days after
      -- in the middle
      signature
    -- the end
"#;
    let wanted = r#"-- what is counted

item missile
  type              one of ICBM, SLBM  -- by how it is launched
  re-entry vehicles count

  -- where it stands
  place             place
  declared every 1 year

measure a = number of missiles
measure b = (number of missiles + 1) * 2

limit (a) "x"
  EACH-1, US: a <= 5 for each type from 7 years after entry into force
  each party: a <=
    5 kg of uranium from 2001-01-01  -- first
    6 from 2002-01-01

duty "y"
  each party: whenever it makes a launch
    it gives notice of that launch at least 1 hour before
    else "z"

reading [US] "r"
  measure a = x on 2020-01-01
  date d = 5 days after
      -- in the middle
      signature
-- the end
"#;
    assert_eq!(formatted(rules), wanted);
    assert_eq!(formatted(wanted), wanted);
}

#[test]
fn long_lines_are_broken_where_they_read_the_same() {
    let rules = r#"
limit "x"
  each party: number of deployed intermediate missiles in ATTU where range >= 500 km and range <= 5500 km and not mobile <= the smaller of 100 and number of bombers from 2001-01-01 until 2002-01-01
zone Z = aaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc, right, left
"#;
    let wanted = r#"limit "x"
  each party: number of deployed intermediate missiles in ATTU where range >= 500 km
      and range <= 5500 km and not mobile <= the smaller of 100 and number of bombers
      from 2001-01-01 until 2002-01-01

zone Z = aaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
    cccccccccccccccccccc, right, left
"#;
    assert_eq!(formatted(rules), wanted);
}

#[test]
fn markdown_and_blocks_with_mistakes_are_not_touched() {
    let text = "#  T\r\n\r\n*  odd   spacing\r\n\r\n```detente\r\nzone  A=B\r\n```\r\n\r\n```detente\r\nzone  A\r\n```\r\n\r\n> ```detente\r\n> zone  A=B\r\n>\r\n> date   d = 2001-01-01\r\n> ```\r\n\r\n```rust\r\nlet  x;\r\n```";
    let done = format(text);
    assert_eq!(
        done.text,
        "#  T\r\n\r\n*  odd   spacing\r\n\r\n```detente\r\nzone A = B\r\n```\r\n\r\n```detente\r\nzone  A\r\n```\r\n\r\n> ```detente\r\n> zone A = B\r\n>\r\n> date d = 2001-01-01\r\n> ```\r\n\r\n```rust\r\nlet  x;\r\n```"
    );
    assert_eq!(done.diagnostics.len(), 1);
}

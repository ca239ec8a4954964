//! Which cells are looked through together.

use crate::screen::cells::Cells;

/// For each cell a list of cells, as runs of cells that follow each other.
pub(super) struct Runs {
    starts: Vec<u32>,
    runs: Vec<(u32, u32)>,
}

impl Runs {
    /// Each cell itself and the neighbours after it: each pair of cells once.
    pub(super) fn forward(cells: &Cells) -> Self {
        Self::of(cells.forward_neighbours())
    }

    /// Each cell itself and all its neighbours.
    pub(super) fn around(cells: &Cells) -> Self {
        let forward = cells.forward_neighbours();
        let mut all = forward.clone();
        for (cell, neighbours) in forward.iter().enumerate() {
            for neighbour in neighbours {
                all[*neighbour as usize].push(cell as u32);
            }
        }
        Self::of(all)
    }

    fn of(neighbours: Vec<Vec<u32>>) -> Self {
        let mut starts = vec![0];
        let mut runs = Vec::new();
        for (cell, mut list) in neighbours.into_iter().enumerate() {
            list.push(cell as u32);
            list.sort_unstable();
            for run in list.chunk_by(|one, next| one + 1 == *next) {
                if let [first, ..] = run {
                    runs.push((*first, first + run.len() as u32));
                }
            }
            starts.push(runs.len() as u32);
        }
        Self { starts, runs }
    }

    /// The first cell of each run, and the one after the last.
    #[inline(always)]
    pub(super) fn of_cell(&self, cell: usize) -> &[(u32, u32)] {
        &self.runs[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run that holds its cell begins with it, and each pair of neighbours is in one run.
    #[test]
    fn runs_are_the_neighbours() {
        for reach in [0.01, 0.06, 0.13, 0.4, 1.5, 3.0] {
            let cells = Cells::new(reach, 65_536);
            let runs = Runs::forward(&cells);
            let around = Runs::around(&cells);
            let pairs = |runs: &Runs| {
                let cells = (0..cells.len()).flat_map(|cell| runs.of_cell(cell));
                cells.map(|run| run.1 - run.0).sum::<u32>() as usize
            };
            // Each pair twice, but a cell with itself once.
            assert_eq!(pairs(&around) + cells.len(), 2 * pairs(&runs));
            for (cell, neighbours) in cells.forward_neighbours().iter().enumerate() {
                let own = runs.of_cell(cell);
                let mut listed: Vec<u32> = own.iter().flat_map(|run| run.0..run.1).collect();
                let here = |run: &&(u32, u32)| (run.0..run.1).contains(&(cell as u32));
                assert_eq!(own.iter().find(here).map(|run| run.0), Some(cell as u32));
                listed.retain(|listed| *listed != cell as u32);
                let mut expected = neighbours.clone();
                expected.sort_unstable();
                listed.sort_unstable();
                assert_eq!(listed, expected);
            }
        }
    }
}

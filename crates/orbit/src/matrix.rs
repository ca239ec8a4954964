//! Small vectors and square matrices: what two bodies need, and no more.

/// A square matrix, row by row.
pub(crate) type Square<const N: usize> = [[f64; N]; N];

pub(crate) fn dot<const N: usize>(a: [f64; N], b: [f64; N]) -> f64 {
    a.iter().zip(&b).map(|(a, b)| a * b).sum()
}

pub(crate) fn subtract<const N: usize>(a: [f64; N], b: [f64; N]) -> [f64; N] {
    std::array::from_fn(|index| a[index] - b[index])
}

pub(crate) fn add<const N: usize>(a: [f64; N], b: [f64; N]) -> [f64; N] {
    std::array::from_fn(|index| a[index] + b[index])
}

pub(crate) fn scale<const N: usize>(a: [f64; N], factor: f64) -> [f64; N] {
    a.map(|value| value * factor)
}

pub(crate) fn length(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

pub(crate) fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// Between the ends of two vectors.
pub(crate) fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    length(subtract(a, b))
}

/// Angle between two vectors, degrees; exact for small ones too.
pub(crate) fn angle(a: [f64; 3], b: [f64; 3]) -> f64 {
    length(cross(a, b)).atan2(dot(a, b)).to_degrees()
}

/// `None` for no direction at all.
pub(crate) fn unit(vector: [f64; 3]) -> Option<[f64; 3]> {
    let length = length(vector);
    (length > 0.0 && length.is_finite()).then(|| vector.map(|axis| axis / length))
}

/// Two unit vectors across a unit vector and each other; which two does not matter.
pub(crate) fn across(forward: [f64; 3]) -> Option<[[f64; 3]; 2]> {
    let helper = if forward[0].abs() < 0.6 {
        [1.0, 0.0, 0.0]
    } else {
        [0.0, 1.0, 0.0]
    };
    let one = unit(cross(forward, helper))?;
    Some([one, cross(forward, one)])
}

/// A matrix (`R` rows of `N`) times a vector.
pub(crate) fn apply<const R: usize, const N: usize>(
    matrix: &[[f64; N]; R],
    vector: [f64; N],
) -> [f64; R] {
    matrix.map(|row| dot(row, vector))
}

pub(crate) fn transpose<const R: usize, const N: usize>(matrix: &[[f64; N]; R]) -> [[f64; R]; N] {
    std::array::from_fn(|row| std::array::from_fn(|column| matrix[column][row]))
}

pub(crate) fn multiply<const R: usize, const N: usize, const C: usize>(
    a: &[[f64; N]; R],
    b: &[[f64; C]; N],
) -> [[f64; C]; R] {
    std::array::from_fn(|row| {
        let mut sum = [0.0; C];
        for (factor, other) in a[row].iter().zip(b) {
            for (sum, other) in sum.iter_mut().zip(other) {
                *sum += factor * other;
            }
        }
        sum
    })
}

/// J Q Jᵀ, made exactly symmetric.
pub(crate) fn sandwich<const R: usize, const N: usize>(
    jacobian: &[[f64; N]; R],
    covariance: &Square<N>,
) -> Square<R> {
    symmetric(&multiply(
        &multiply(jacobian, covariance),
        &transpose(jacobian),
    ))
}

pub(crate) fn symmetric<const N: usize>(matrix: &Square<N>) -> Square<N> {
    std::array::from_fn(|row| {
        std::array::from_fn(|column| 0.5 * (matrix[row][column] + matrix[column][row]))
    })
}

pub(crate) fn sum<const N: usize>(a: &Square<N>, b: &Square<N>) -> Square<N> {
    std::array::from_fn(|row| add(a[row], b[row]))
}

/// Rows and columns `ROW..ROW + M` by `COLUMN..COLUMN + M`.
pub(crate) fn block<const ROW: usize, const COLUMN: usize, const M: usize>(
    matrix: &Square<6>,
) -> Square<M> {
    std::array::from_fn(|row| std::array::from_fn(|column| matrix[ROW + row][COLUMN + column]))
}

/// The inverse, by elimination with the largest pivot of each column, rows first scaled to one; `None` where the
/// matrix is singular or not finite.
pub(crate) fn inverse<const N: usize>(matrix: &Square<N>) -> Option<Square<N>> {
    let mut left = *matrix;
    let mut right = [[0.0; N]; N];
    for (row, out) in right.iter_mut().enumerate() {
        let largest = left[row]
            .iter()
            .fold(0.0_f64, |most, value| most.max(value.abs()));
        if !(largest > 0.0 && largest.is_finite()) {
            return None;
        }
        left[row] = left[row].map(|value| value / largest);
        out[row] = 1.0 / largest;
    }
    for column in 0..N {
        let pivot =
            (column..N).max_by(|a, b| left[*a][column].abs().total_cmp(&left[*b][column].abs()))?;
        let value = left[pivot][column];
        if !(value.abs() > 0.0 && value.is_finite()) {
            return None;
        }
        left.swap(column, pivot);
        right.swap(column, pivot);
        left[column] = left[column].map(|entry| entry / value);
        right[column] = right[column].map(|entry| entry / value);
        let (left_row, right_row) = (left[column], right[column]);
        for row in (0..N).filter(|row| *row != column) {
            let factor = left[row][column];
            for index in 0..N {
                left[row][index] -= factor * left_row[index];
                right[row][index] -= factor * right_row[index];
            }
        }
    }
    right
        .iter()
        .flatten()
        .all(|value| value.is_finite())
        .then_some(right)
}

/// Eigenvalues of a symmetric matrix, and its eigenvectors as rows, by Jacobi's rotations.
pub(crate) fn eigen<const N: usize>(matrix: &Square<N>) -> ([f64; N], Square<N>) {
    let mut a = symmetric(matrix);
    let mut vectors: Square<N> =
        std::array::from_fn(|row| std::array::from_fn(|column| f64::from(row == column)));
    for _ in 0..50 {
        let mut rotated = false;
        for p in 0..N {
            for q in p + 1..N {
                let small = f64::EPSILON * 0.01 * (a[p][p].abs().sqrt() * a[q][q].abs().sqrt());
                if a[p][q].is_nan() || a[p][q].abs() <= small {
                    continue;
                }
                rotated = true;
                let theta = 0.5 * (a[q][q] - a[p][p]) / a[p][q];
                let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let sine = tangent * cosine;
                for row in &mut a {
                    let (x, y) = (row[p], row[q]);
                    row[p] = cosine * x - sine * y;
                    row[q] = sine * x + cosine * y;
                }
                for matrix in [&mut a, &mut vectors] {
                    let (x, y) = (matrix[p], matrix[q]);
                    matrix[p] = subtract(scale(x, cosine), scale(y, sine));
                    matrix[q] = add(scale(x, sine), scale(y, cosine));
                }
                (a[p][q], a[q][p]) = (0.0, 0.0);
            }
        }
        if !rotated {
            break;
        }
    }
    (std::array::from_fn(|index| a[index][index]), vectors)
}

/// The matrix with these eigenvalues and eigenvectors (rows).
pub(crate) fn from_eigen<const N: usize>(values: [f64; N], vectors: &Square<N>) -> Square<N> {
    let mut matrix = [[0.0; N]; N];
    for (value, vector) in values.iter().zip(vectors) {
        for (row, left) in matrix.iter_mut().zip(vector) {
            for (entry, right) in row.iter_mut().zip(vector) {
                *entry += value * left * right;
            }
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn random() -> impl Strategy<Value = Square<6>> {
        proptest::array::uniform6(proptest::array::uniform6(-1.0..1.0_f64))
    }

    proptest! {
        #[test]
        fn an_inverse_undoes(matrix in random(), scales in proptest::array::uniform6(-9.0..9.0_f64)) {
            let scaled: Square<6> = std::array::from_fn(|row| matrix[row].map(|v| v * 10_f64.powf(scales[row])));
            if let Some(inverse) = inverse(&scaled) {
                let largest = inverse.iter().flat_map(|row| row.iter().enumerate().map(|(c, v)| (v * 10_f64.powf(scales[c])).abs())).fold(1.0, f64::max);
                let product = multiply(&scaled, &inverse);
                for (row, values) in product.iter().enumerate() {
                    for (column, value) in values.iter().enumerate() {
                        // In the units of that row and column.
                        let off = (value - f64::from(row == column)) * 10_f64.powf(scales[column] - scales[row]);
                        prop_assert!(off.abs() < 1e-13 * largest, "{row} {column} {off} {largest}");
                    }
                }
            }
        }

        #[test]
        fn eigenvalues_make_the_matrix(matrix in random()) {
            let covariance = symmetric(&multiply(&matrix, &transpose(&matrix)));
            let (values, vectors) = eigen(&covariance);
            let again = from_eigen(values, &vectors);
            for (row, other) in covariance.iter().flatten().zip(again.iter().flatten()) {
                prop_assert!((row - other).abs() < 1e-13);
            }
            let unity = multiply(&vectors, &transpose(&vectors));
            for (row, values) in unity.iter().enumerate() {
                for (column, value) in values.iter().enumerate() {
                    prop_assert!((value - f64::from(row == column)).abs() < 1e-13);
                }
            }
            prop_assert!(values.iter().all(|value| *value > -1e-13));
        }
    }
}

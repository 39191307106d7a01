/* Big integers: identities that hold for all numbers, agreement with the compiler's integers for small ones,
 * and vectors computed by CPython for large ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "object/bigint.h"

enum { ROOM = 80, GUARD = 2 };
#define GUARD_LIMB 0xABCDEF01u

/* A signed number; the limbs past its count are kept at GUARD_LIMB, to notice who writes there. */
typedef struct {
    xv_limb limb[ROOM + GUARD];
    size_t n;
    bool negative;
} big;

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint32_t random32(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16);
}

static uint64_t random64(void) {
    uint64_t high = random32();
    return high << 32 | random32();
}

static void clear(big *b) {
    for (size_t i = 0; i < ROOM + GUARD; i++) {
        b->limb[i] = GUARD_LIMB;
    }
    b->n = 0;
    b->negative = false;
}

/* Every result is normalised, keeps to its room and is no negative zero. */
static void check_big(const big *b, size_t room) {
    assert_true(b->n <= room);
    assert_true(b->n == 0 || b->limb[b->n - 1] != 0);
    assert_false(b->n == 0 && b->negative);
    assert_int_equal(b->limb[room], GUARD_LIMB);
    assert_int_equal(b->limb[room + 1], GUARD_LIMB);
}

static void assert_same(const big *a, const big *b) {
    assert_int_equal(xv_big_cmp(a->limb, a->n, b->limb, b->n), 0);
    assert_int_equal(a->negative, b->negative);
}

static size_t max(size_t a, size_t b) {
    return a > b ? a : b;
}

static size_t less(size_t a, size_t b) {
    return a > b ? a - b : 0;
}

static void from_text(big *b, const char *text, unsigned base) {
    clear(b);
    bool negative = *text == '-';
    text += negative;
    size_t room = xv_big_parse_bound(strlen(text), base);
    assert_true(room <= ROOM);
    assert_true(xv_big_parse(b->limb, &b->n, text, strlen(text), base, NULL));
    b->negative = negative;
    check_big(b, room);
}

static void from_hex(big *b, const char *text) {
    from_text(b, text, 16);
}

static void from_int(big *b, int64_t value) {
    clear(b);
    b->n = xv_big_from_i64(b->limb, &b->negative, value);
    check_big(b, 2);
}

/* Any size up to `limbs`, with the limbs that carries and quotient estimates trip over made likely. */
static void random_big(big *b, size_t limbs) {
    static const xv_limb awkward[] = {0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};
    clear(b);
    size_t n = random32() % (limbs + 1);
    for (size_t i = 0; i < n; i++) {
        uint32_t pick = random32() % 12;
        b->limb[i] = pick < 6 ? awkward[pick] : random32();
    }
    b->n = xv_big_normalise(b->limb, n);
    for (size_t i = b->n; i < n; i++) {
        b->limb[i] = GUARD_LIMB;
    }
    b->negative = b->n > 0 && random32() % 2;
}

static void add(big *out, const big *a, const big *b) {
    clear(out);
    out->n =
        xv_big_add_signed(out->limb, &out->negative, a->limb, a->n, a->negative, b->limb, b->n, b->negative);
    check_big(out, max(a->n, b->n) + 1);
}

static void negate(big *a) {
    a->negative = a->n > 0 && !a->negative;
}

static void sub(big *out, const big *a, const big *b) {
    big minus_b = *b;
    negate(&minus_b);
    add(out, a, &minus_b);
}

static void mul(big *out, const big *a, const big *b) {
    clear(out);
    out->n = xv_big_mul(out->limb, a->limb, a->n, b->limb, b->n, NULL);
    out->negative = out->n > 0 && a->negative != b->negative;
    check_big(out, a->n + b->n);
}

static void divmod_floor(big *quotient, big *rest, const big *a, const big *b) {
    clear(quotient);
    clear(rest);
    quotient->n = xv_big_divmod_floor(quotient->limb, rest->limb, &rest->n, a->limb, a->n, a->negative,
                                      b->limb, b->n, b->negative, NULL);
    quotient->negative = quotient->n > 0 && a->negative != b->negative;
    rest->negative = rest->n > 0 && b->negative;
    check_big(quotient, max(less(a->n + 2, b->n), 1));
    check_big(rest, XV_BIG_DIV_WORK(a->n, b->n));
}

static void bitop(big *out, xv_big_op op, const big *a, const big *b) {
    clear(out);
    out->n =
        xv_big_bitop(out->limb, &out->negative, op, a->limb, a->n, a->negative, b->limb, b->n, b->negative);
    check_big(out, max(a->n, b->n) + 1);
}

static void shr_floor(big *out, const big *a, size_t bits) {
    clear(out);
    out->n = xv_big_shr_floor(out->limb, a->limb, a->n, a->negative, bits);
    out->negative = out->n > 0 && a->negative;
    check_big(out, less(a->n, bits / 32) + 1);
}

/* Two's complement shifts and divisions of the compiler's integers, rounding down as Python does. */
static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static int64_t random_small(void) {
    int64_t v = (int64_t)(random64() >> (random32() % 62 + 2));
    return random32() % 2 ? -v : v;
}

/* Promise: numbers of up to 62 bits give what the compiler's own arithmetic gives. */
static void small_numbers_agree_with_the_compiler(void **state) {
    (void)state;
    for (int i = 0; i < 20000; i++) {
        int64_t x = random_small(), y = random_small();
        unsigned shift = random32() % 63;
        big a, b, want, got, rest;
        from_int(&a, x);
        from_int(&b, y);
        assert_int_equal(xv_big_cmp(a.limb, a.n, b.limb, b.n),
                         ((x < 0 ? -x : x) > (y < 0 ? -y : y)) - ((x < 0 ? -x : x) < (y < 0 ? -y : y)));
        from_int(&want, x + y);
        add(&got, &a, &b);
        assert_same(&got, &want);
        from_int(&want, x - y);
        sub(&got, &a, &b);
        assert_same(&got, &want);
        from_int(&want, x & y);
        bitop(&got, XV_BIG_AND, &a, &b);
        assert_same(&got, &want);
        from_int(&want, x | y);
        bitop(&got, XV_BIG_OR, &a, &b);
        assert_same(&got, &want);
        from_int(&want, x ^ y);
        bitop(&got, XV_BIG_XOR, &a, &b);
        assert_same(&got, &want);
        from_int(&want, floor_div(x, (int64_t)1 << shift));
        shr_floor(&got, &a, shift);
        assert_same(&got, &want);
        if (y != 0) {
            divmod_floor(&got, &rest, &a, &b);
            from_int(&want, floor_div(x, y));
            assert_same(&got, &want);
            from_int(&want, x - floor_div(x, y) * y);
            assert_same(&rest, &want);
        }
    }
}

#ifdef __SIZEOF_INT128__
/* Promise: products, sums and quotients of two limbs by two limbs are those of 128-bit arithmetic. */
static void products_agree_with_int128(void **state) {
    (void)state;
    __extension__ typedef unsigned __int128 u128;
    for (int i = 0; i < 20000; i++) {
        uint64_t x = random64() >> random32() % 64, y = random64() >> random32() % 64;
        xv_limb a[2], b[2], product[4], quotient[4], work[7];
        size_t na = xv_big_from_u64(a, x), nb = xv_big_from_u64(b, y), nr;
        size_t n = xv_big_mul(product, a, na, b, nb, NULL);
        u128 want = (u128)x * y, got = 0;
        for (size_t k = n; k-- > 0;) {
            got = got << 32 | product[k];
        }
        assert_true(got == want);
        uint64_t top = 0, low = 0;
        bool sticky = true;
        size_t exponent = 1;
        if (n > 0) {
            top = xv_big_top64(product, n, &exponent, &sticky);
            low = exponent == 0 ? 0 : (uint64_t)(want & ((((u128)1) << exponent) - 1));
            assert_true(top == (uint64_t)(want >> exponent) && sticky == (low != 0));
        }
        if (y != 0) {
            n = xv_big_divmod(quotient, work, &nr, product, n, b, nb, NULL);
            assert_int_equal(nr, 0);
            assert_int_equal(xv_big_cmp(quotient, n, a, na), 0);
        }
    }
}
#endif

/* Promise: (a // b) * b + a % b == a, the remainder is smaller than b and has its sign. */
static void division_undoes_multiplication(void **state) {
    (void)state;
    for (int i = 0; i < 20000; i++) {
        big a, b, quotient, rest, product, sum;
        random_big(&a, 12);
        random_big(&b, 7);
        if (b.n == 0) {
            continue;
        }
        divmod_floor(&quotient, &rest, &a, &b);
        assert_true(xv_big_cmp(rest.limb, rest.n, b.limb, b.n) < 0);
        mul(&product, &quotient, &b);
        add(&sum, &product, &rest);
        assert_same(&sum, &a);
        /* Without a quotient the truncating remainder is the same as with one. */
        xv_limb work[32], work2[32], q[16];
        size_t nr, nr2;
        assert_int_equal(xv_big_divmod(NULL, work, &nr, a.limb, a.n, b.limb, b.n, NULL), 0);
        (void)xv_big_divmod(q, work2, &nr2, a.limb, a.n, b.limb, b.n, NULL);
        assert_int_equal(xv_big_cmp(work, nr, work2, nr2), 0);
    }
}

/* Promise: the step of long division that corrects an estimate one too large, which random numbers hardly
 * reach, is right. */
static void division_corrects_its_estimate(void **state) {
    (void)state;
    big a, b, quotient, rest, want;
    from_hex(&a, "800000000000000000000003");
    from_hex(&b, "200000000000000000000001");
    divmod_floor(&quotient, &rest, &a, &b);
    from_int(&want, 3);
    assert_same(&quotient, &want);
    from_hex(&want, "200000000000000000000000");
    assert_same(&rest, &want);
    from_hex(&a, "8000000000000000fffffffe00000000");
    from_hex(&b, "80000000000000000000ffff");
    divmod_floor(&quotient, &rest, &a, &b);
    mul(&want, &quotient, &b);
    add(&quotient, &want, &rest);
    assert_same(&quotient, &a);
    assert_true(xv_big_cmp(rest.limb, rest.n, b.limb, b.n) < 0);
}

/* Promise: a + b - b == a, (a + b) * (a - b) == a*a - b*b, and results may be written over operands. */
static void sums_and_products_are_consistent(void **state) {
    (void)state;
    for (int i = 0; i < 10000; i++) {
        big a, b, sum, difference, left, aa, bb, right;
        random_big(&a, 10);
        random_big(&b, 10);
        add(&sum, &a, &b);
        sub(&difference, &a, &b);
        sub(&left, &sum, &b);
        assert_same(&left, &a);
        mul(&left, &sum, &difference);
        mul(&aa, &a, &a);
        mul(&bb, &b, &b);
        sub(&right, &aa, &bb);
        assert_same(&left, &right);
        big in_place = a;
        in_place.n = xv_big_add_signed(in_place.limb, &in_place.negative, in_place.limb, a.n, a.negative,
                                       b.limb, b.n, b.negative);
        assert_same(&in_place, &sum);
        in_place = b;
        in_place.n = xv_big_add_signed(in_place.limb, &in_place.negative, a.limb, a.n, a.negative,
                                       in_place.limb, b.n, b.negative);
        assert_same(&in_place, &sum);
    }
}

/* Promise: a factor and an addend of one limb are folded in and out again in place. */
static void single_limbs_go_in_and_out(void **state) {
    (void)state;
    for (int i = 0; i < 10000; i++) {
        big a, b;
        random_big(&a, 6);
        a.negative = false;
        b = a;
        xv_limb factor = random32() >> random32() % 31, rest;
        xv_limb addend = factor > 0 ? random32() % factor : random32();
        b.n = xv_big_mul_add(b.limb, b.n, factor, addend);
        check_big(&b, a.n + 1);
        if (factor == 0) {
            assert_int_equal(b.n, addend != 0);
            continue;
        }
        b.n = xv_big_div_small(b.limb, b.n, factor, &rest);
        assert_same(&b, &a);
        assert_int_equal(rest, addend);
    }
}

/* Promise: a shift is a multiplication or flooring division by a power of two, tells lost bits, and works in
 * place. */
static void shifts_scale_by_powers_of_two(void **state) {
    (void)state;
    for (int i = 0; i < 10000; i++) {
        big a, power, want, got, rest;
        random_big(&a, 8);
        size_t bits = random32() % 200;
        const xv_limb one[1] = {1};
        clear(&power);
        power.n = xv_big_shl(power.limb, one, 1, bits);
        check_big(&power, bits / 32 + 1);
        assert_int_equal(xv_big_bit_length(power.limb, power.n), bits + 1);
        mul(&want, &a, &power);
        got = a;
        got.n = xv_big_shl(got.limb, got.limb, a.n, bits);
        check_big(&got, a.n + bits / 32 + 1);
        assert_same(&got, &want);
        divmod_floor(&want, &rest, &a, &power);
        shr_floor(&got, &a, bits);
        assert_same(&got, &want);
        bool lost;
        got = a;
        got.n = xv_big_shr(got.limb, got.limb, a.n, bits, &lost);
        assert_int_equal(lost, rest.n != 0);
        assert_int_equal(got.n == want.n && xv_big_cmp(got.limb, got.n, want.limb, want.n) == 0,
                         !(a.negative && lost));
    }
}

/* Promise: a & b, a | b and a ^ b keep to each other as in two's complement, whatever the signs. */
static void bit_operations_are_consistent(void **state) {
    (void)state;
    for (int i = 0; i < 10000; i++) {
        big a, b, both, either, different, left, right;
        random_big(&a, 6);
        random_big(&b, 6);
        bitop(&both, XV_BIG_AND, &a, &b);
        bitop(&either, XV_BIG_OR, &a, &b);
        bitop(&different, XV_BIG_XOR, &a, &b);
        add(&left, &both, &either);
        add(&right, &a, &b);
        assert_same(&left, &right);
        sub(&left, &either, &both);
        assert_same(&left, &different);
        bitop(&left, XV_BIG_XOR, &different, &b);
        assert_same(&left, &a);
        big in_place = b;
        in_place.n = xv_big_bitop(in_place.limb, &in_place.negative, XV_BIG_AND, a.limb, a.n, a.negative,
                                  in_place.limb, b.n, b.negative);
        assert_same(&in_place, &both);
    }
}

/* As CPython computed them: a, b, a * b, a // b, a % b, a & b, a | b, a ^ b, a >> 77. */
static void vectors_of_cpython(void **state) {
    (void)state;
    static const char *const rows[][9] = {
        {"1a3bc8960a923b8c1e9392456de3eb13b9046685257bdd640fb06671ad11c80317fa3b1799d",
         "8b9d2434e465e150bd9c66b3ad3c2d6d",
         "e4e90494f83694ce5a1cea2b80ce18b86cd9548c2da8c8c794b17f8c16aef05809daf9956f76342081cc29b901"
         "b70a66ad7ebd60d9",
         "301a41b6888a09edd79b5172549197db666e220ef57", "1aab1c712b718c7d91942ca6ae354692",
         "89940030046500501c802033a130290d",
         "1a3bc8960a923b8c1e9392456de3eb13b9046685257bfdf64ffe667fbd1bd9c77ffafbd7dfd",
         "1a3bc8960a923b8c1e9392456de3eb13b9046685257364b64cfe202fb81a11c57cc0e8d54f0",
         "d1de44b05491dc60f49c922b6f1f589dc82334292bdeeb207d83338"},
        {"-6c9a1de644815ef6d13b8faa1837f8a88b17fc695a07a0ca6e0822e8f36c031199972a8469",
         "2a65ed389b74d0fb132e706298fadc1a6",
         "-11fc8658446dd7016a4682e6f7132e864131f276cf7ab0eba9938104a6459658688caaf72e4e36db99b22da1b"
         "253c26c712355a0516",
         "-28fbd286eec18010190ea5400b503d1e18035800af", "2690f566f8c1ad373d46c2d5f23acdc11",
         "a05e1181b74d070012e4062008854186",
         "-6c9a1de644815ef6d13b8faa1837f8a88b17fc695801a008660822e0424c00119010020449",
         "-6c9a1de644815ef6d13b8faa1837f8a88b17fc6958a1fe19e7bf6fe7425ee417b0188745cf",
         "-364d0ef32240af7b689dc7d50c1bfc54458bfe34ad03d0653704118"},
        {"c2401a9e71fde8a774bcf36d58b4737819096da1dac72ff5d2a386ecbe06b65a6a48b8148f6",
         "-16c307511b2b9437a28df6ec4ce4a2bbd",
         "-11457eab301d3bb1136de2aac646316f06221aed19fd21be954aff98a71abe02002af0acfb699b84c3b5a9613"
         "8614b7b9756c0d02f9e",
         "-888b6f24e18afbcd74cfa0a8634a628701b7b47214a", "-15496e3f8b939123e12a7e35b95fdb8ac",
         "c2401a9e71fde8a774bcf36d58b4737819096da1dac12cf082a084688804320802001814042",
         "-10c0020118291001a009a4840444a2309",
         "-c2401a9e71fde8a774bcf36d58b4737819096da1dad1ecf283b8ad7889a43bac86045cb634b",
         "61200d4f38fef453ba5e79b6ac5a39bc0c84b6d0ed6397fae951c376"},
        {"-18c6142ea7d17be31111a2a73ed562b0f79c37459eef50bea63371ecd7b27cd813047229389",
         "-19a8dca03580d7b71d8f564135be6128e",
         "27baf4f8753c60b368cb00128e69b35378f2e159fbf221a0acdf0326d9debffd9d434aeace78dc8da8e5460181"
         "5550bb87523a377fe",
         "f729706c6b8040a3b7106453ac354a39aac5a50219", "-cc09b8c93a94b76ca2e65cb745ffa7ab",
         "-18c6142ea7d17be31111a2a73ed562b0f79c37459efff8fea637f1fff7bfffde5335fe6938e",
         "-9009ca03100c497100c5001043221289",
         "18c6142ea7d17be31111a2a73ed562b0f79c37459ef6f8620606f13b60aff38e5231cc48105",
         "-c630a1753e8bdf18888d1539f6ab1587bce1ba2cf77a85f5319b8f7"},
        {"-b45ed1f03139d32c93cd59bf5c941cf0dc98d2c1e2acf72f9e574f7aa0ee89ae",
         "c5e7ce8a3a578a8ea9488d990bbb2599",
         "-8b704aa2f6c5872f50e1929d2afe84345c148e68d30b0c6635e2734df97a2c526e6649212d09f8f5bb7e26b3b"
         "4906efe",
         "-e951493a1f031d585749aec1ee6ba8bf", "20511d62987376786dcffede551eb79",
         "1670c0a18530880210880810b112410",
         "-b45ed1f03139d32c93cd59bf5c941cf018181041c0a8752116174262a0448825",
         "-b45ed1f03139d32c93cd59bf5c941cf0197f1c4bd8fb7da1371fc2e3ab55ac35",
         "-5a2f68f8189ce99649e6acdfae4a0e786e4c6960f1568"},
        {"614ff3d719db3ad0ddd1dfb23b982ef8daf61a26146d3f31fc377a4c4a15544d",
         "-5d65a441d58842dea2bc372f7412b293",
         "-2380ae9096efdfd0d82cb0cd26e020b975567a274452e2dd91e31f440f55c55d60fca929b0f99e1863662a273"
         "046f237",
         "-10abb5203295b7be0229b8fb6da4fed54", "-31b49fdc78abafd3b52a5f1364bc5aef",
         "614ff3d719db3ad0ddd1dfb23b982ef882921a2600653d215c0348400a05444d",
         "-501a441c18040ce028805233402a293",
         "-614ff3d719db3ad0ddd1dfb23b982ef88793be67c1e57def5e8b4d633e07e6e0",
         "30a7f9eb8ced9d686ee8efd91dcc177c6d7b0d130a369"},
        {"38dc713d960c0fd195c17af08a1745d6d87e570ddf827050a82369b584ff5e9ff0ff50bde4382567b85cabcc97"
         "663f1c97956269f0e5d7b8756dadd6c795a76d79",
         "-610435a1098ae43346c12ace8ae340454cac5b68c28f49481a0a04dc427209bdf",
         "-158c764383047b7a73d6e40c163963d31c8cc0df8855b961993e9638b33f40f8320d655a4c2d8a7736113b385"
         "d233bfd05832bf67016853321d0c08d7653137bec86592bcd4fa27f1a08de04bc8eb7c5ee97377c8cd76f0bd01"
         "07f55bb6da409f67",
         "-960a7dbe31c0ce08b0848c2324b16d3be6d9084fb0b111ee7c1edd77851e4a67c",
         "-4df92932a66c8efb9ec62a16d42c539c9b543c31cac3dd397cc1d897ee4d2ac8b",
         "38dc713d960c0fd195c17af08a1745d6d87e570ddf827050a82369b584ff5e9ff0ef10a5e42001248810a94017"
         "400b188315224970c50328744d0d920390876421",
         "-600034210808a000420102068880000404a85960c082004808000090022009287",
         "-38dc713d960c0fd195c17af08a1745d6d87e570ddf827050a82369b584ff5e9ff6ef13e7f4a08b248c30b9607"
         "fc80b18c35fa7df7ccd232cf4cd0d9b03b287f6a8",
         "1c6e389ecb0607e8cae0bd78450ba2eb6c3f2b86efc138285411b4dac27faf4ff87fa85ef21c12b3dc2e55e64b"
         "b31f8e4bcab134f872ebd"},
        {"-112e2817efdae8492171d53434bb88139b9ae270da702f06b90f143262fdc5c0eed8da0365bf89897b9405cac"
         "ec877409a977d21e02ff01cf99988c24c961b1cd22",
         "-26f4cc69a4b22d3081c8eaee95715bd6fa4161293c4c2e2e3444ea7c8c0398710",
         "29d47a9a35a26e3a744cd7cc97a0e2384aac15118adf38f2a6227aec2f81a68b6e7fcd502b9efe67c3cba72275"
         "a2bf1ee986db433051b20deda86ea224e999de0c4e6563fa624e0d9022e4bd02acbad06a2bca26de1b0830fb58"
         "25a0a1b0adbc020",
         "70e660c6e550c29895655f7b0e709b4f392f412771c2571086188f4447207f7b96",
         "-21cd6b6d668fd993ee4313a2618d8d8c8fbce16f27bfca1b6e9751df11b27f9c2",
         "-112e2817efdae8492171d53434bb88139b9ae270da702f06b90f143262fdc5c0eefefecf6dbfbbad7b95cdeae"
         "edd775bdeff7d61e93ffc3effbdccea7c9e1b9cf30",
         "-d00061a48009308000cace80714092924121202c400c281000c24c840318502",
         "112e2817efdae8492171d53434bb88139b9ae270da702f06b90f143262fdc5c0eefe2ecf0c1b3ba44b15cd2020"
         "5d061b4c6d3c40c913bc32d7adcc28301a1884a2e",
         "-897140bf7ed742490b8ea9a1a5dc409cdcd71386d3817835c878a19317ee2e0776c6d01b2dfc4c4bdca02e567"
         "643ba04d4bbe90f017f80f"},
        {"-8026695ff8cda88b436d76e2", "40fbb68e2dbc2134c30ff46e",
         "-20879b63ca69f73fe78bdc548a878b6fb80fc4fb6b967d1c", "-2", "1d103bc62aa99de42b271fa",
         "40d99680053001348002800e", "-80044951d041888b00600282", "-c0dddfd1d57189bf80628290", "-40134"},
        {"deda4e161b3dbd5ce9a1fa6f", "-6bbbd23b4c66e0a8a013ac6e",
         "-5dc8bf1cfa69336b90eb8f54055e879b1953d7482e192fb2", "-3", "-6459289bc9f6e49cf6990adb",
         "94400c0413191d5449a05202", "-21219029444240a000120401", "-b5619c2d575b5df449b25603", "6f6d2"},
        {"-ffffffffffffffffffffffff", "-fffffffffffffffffffffffe",
         "fffffffffffffffffffffffd000000000000000000000002", "1", "-1", "-1000000000000000000000000",
         "-fffffffffffffffffffffffd", "3", "-80000"},
        {"100000000000000000000000000000000", "-10000000000000000",
         "-1000000000000000000000000000000000000000000000000", "-10000000000000000", "0",
         "100000000000000000000000000000000", "-10000000000000000", "-100000000000000010000000000000000",
         "8000000000000"},
        {"-100000000000000000000000000000000000000000000000000000000000000000000000000000000",
         "ffffffffffffffffffffffffffffffffffffffff",
         "-ffffffffffffffffffffffffffffffffffffffff0000000000000000000000000000000000000000000000000"
         "0000000000000000000000000000000",
         "-10000000000000000000000000000000000000002", "fffffffffffffffffffffffffffffffffffffffe", "0",
         "-ffffffffffffffffffffffffffffffffffffffff0000000000000000000000000000000000000001",
         "-ffffffffffffffffffffffffffffffffffffffff0000000000000000000000000000000000000001",
         "-8000000000000000000000000000000000000000000000000000000000000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        big a, b, want[7], got[7];
        from_hex(&a, rows[i][0]);
        from_hex(&b, rows[i][1]);
        mul(&got[0], &a, &b);
        divmod_floor(&got[1], &got[2], &a, &b);
        bitop(&got[3], XV_BIG_AND, &a, &b);
        bitop(&got[4], XV_BIG_OR, &a, &b);
        bitop(&got[5], XV_BIG_XOR, &a, &b);
        shr_floor(&got[6], &a, 77);
        for (size_t k = 0; k < 7; k++) {
            from_hex(&want[k], rows[i][k + 2]);
            want[k].negative = want[k].negative && want[k].n > 0;
            assert_same(&got[k], &want[k]);
        }
    }
}

static void assert_text(const big *a, unsigned base, const char *want) {
    char buf[2600];
    big copy = *a;
    size_t bound = xv_big_format_bound(a->n, base);
    assert_true(bound < sizeof buf);
    memset(buf, '#', sizeof buf);
    size_t n = xv_big_format(buf, copy.limb, copy.n, base, NULL);
    assert_true(n <= bound && buf[bound] == '#');
    assert_int_equal(n, strlen(want));
    assert_memory_equal(buf, want, n);
}

/* Promise: known numbers have the text that CPython gives, chunks' inner zeros included. */
static void text_of_known_numbers(void **state) {
    (void)state;
    big a;
    from_int(&a, 0);
    assert_text(&a, 10, "0");
    assert_text(&a, 2, "0");
    from_int(&a, 1000000000);
    assert_text(&a, 10, "1000000000");
    from_hex(&a, "2cd76fe086b93ce2f768a00b22a00000000000");
    assert_text(&a, 10, "1000000000000000000000000000000000000000000000");
    const xv_limb one[1] = {1};
    a.n = xv_big_shl(a.limb, one, 1, 521);
    a.n = xv_big_sub(a.limb, a.limb, a.n, one, 1);
    assert_text(&a, 10,
                "6864797660130609714981900799081393217269435300143305409394463459185543183397656052122559"
                "640661454554977296311391480858037121987999716643812574028291115057151");
    assert_text(&a, 36,
                "g302rllxad5j8dp8h3d7a5t6xcimrhzq4iyjzkp91oggsgleyao9ez3dbprqr4xlo13mrnlwunrfe6v8bn7o7o3d"
                "rduvjh8c74fsv");
    assert_text(&a, 7,
                "3054344611223216145203315634354601152134054210303344003655143004100655334250061351546565"
                "1363265650361425336053056426062032112142143235251654451502434011241215343601632050605521"
                "3003361563");
    assert_text(&a, 16,
                "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                "fffffffffffffffffffffffffffffffffffffffffff");
}

/* Promise: text in every base reads back, in one piece or two, in either case, and takes no more than its
 * bounds. */
static void text_reads_back_in_every_base(void **state) {
    (void)state;
    for (int i = 0; i < 7000; i++) {
        unsigned base = 2 + (unsigned)i % 35;
        big a, copy, back;
        char buf[700];
        random_big(&a, 20);
        a.negative = false;
        copy = a;
        size_t len = xv_big_format(buf, copy.limb, copy.n, base, NULL);
        assert_true(len <= xv_big_format_bound(a.n, base));
        assert_true(len == 1 || buf[0] != '0');
        if (random32() % 2) {
            for (size_t k = 0; k < len; k++) {
                buf[k] = (char)(buf[k] >= 'a' ? buf[k] - 'a' + 'A' : buf[k]);
            }
        }
        size_t cut = random32() % (len + 1);
        clear(&back);
        assert_true(xv_big_parse(back.limb, &back.n, buf, cut, base, NULL));
        assert_true(xv_big_parse(back.limb, &back.n, buf + cut, len - cut, base, NULL));
        check_big(&back, xv_big_parse_bound(len, base));
        assert_same(&back, &a);
    }
}

/* Promise: a character that is no digit of the base is refused, wherever it is. */
static void parsing_refuses_foreign_digits(void **state) {
    (void)state;
    static const struct {
        const char *text;
        unsigned base;
    } bad[] = {
        {"2", 2},     {"12345678901234567890a", 10},
        {"1_0", 10},  {" 1", 10},
        {"8", 8},     {"fg", 16},
        {"-1", 10},   {"z", 35},
        {"1/", 10},   {"1:", 10},
        {"@", 36},    {"[", 36},
        {"`", 36},    {"{", 36},
        {"\xE9", 36},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        xv_limb a[8];
        size_t n = 0;
        assert_false(xv_big_parse(a, &n, bad[i].text, strlen(bad[i].text), bad[i].base, NULL));
    }
    assert_int_equal(xv_digit_value('0'), 0);
    assert_int_equal(xv_digit_value('z'), 35);
    assert_int_equal(xv_digit_value('A'), 10);
    assert_int_equal(xv_digit_value('\0'), -1);
}

/* Promise: 64-bit integers convert both ways, and only numbers in range are accepted. */
static void int64_limits(void **state) {
    (void)state;
    big a;
    int64_t i = 0;
    uint64_t u = 0;
    from_hex(&a, "8000000000000000");
    assert_false(xv_big_to_i64(a.limb, a.n, false, &i));
    assert_true(xv_big_to_i64(a.limb, a.n, true, &i));
    assert_true(i == INT64_MIN);
    assert_true(xv_big_to_u64(a.limb, a.n, false, &u));
    assert_true(u == (uint64_t)1 << 63);
    assert_false(xv_big_to_u64(a.limb, a.n, true, &u));
    from_hex(&a, "8000000000000001");
    assert_false(xv_big_to_i64(a.limb, a.n, true, &i));
    from_hex(&a, "10000000000000005");
    assert_false(xv_big_to_u64(a.limb, a.n, false, &u));
    assert_false(xv_big_to_i64(a.limb, a.n, false, &i));
    assert_true(xv_big_wrap_u64(a.limb, a.n, false) == 5);
    assert_true(xv_big_wrap_u64(a.limb, a.n, true) == (uint64_t)-5);
    static const int64_t values[] = {0, 1, -1, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, (int64_t)1 << 32};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        from_int(&a, values[k]);
        assert_true(xv_big_to_i64(a.limb, a.n, a.negative, &i));
        assert_true(i == values[k]);
        assert_true(xv_big_wrap_u64(a.limb, a.n, a.negative) == (uint64_t)values[k]);
    }
}

static double to_double(const char *hex) {
    big a;
    from_hex(&a, hex);
    return xv_big_to_double(a.limb, a.n, a.negative);
}

/* Promise: conversion to double rounds once, ties to even, and tells overflow by infinity. */
static void to_double_rounds_half_even(void **state) {
    (void)state;
    assert_true(to_double("0") == 0.0);
    assert_true(to_double("20000000000001") == 0x20000000000000p0); /* 2**53 + 1: a tie, down */
    assert_true(to_double("20000000000003") == 0x20000000000004p0); /* 2**53 + 3: a tie, up */
    assert_true(to_double("-200000000000010") == -0x200000000000000p0);
    assert_true(to_double("2000000000000100000000000000000000") == ldexp(1, 133));
    assert_true(to_double("2000000000000100000000000000000001") == ldexp(1, 133) + ldexp(1, 81));
    assert_true(to_double("ffffffffffffffff") == ldexp(1, 64));
    big a;
    clear(&a);
    for (size_t i = 0; i < 32; i++) {
        a.limb[i] = i < 30 ? UINT32_MAX : i == 30 ? 0xFFFFFBFF : UINT32_MAX;
    }
    assert_true(xv_big_to_double(a.limb, 32, false) == 0x1.fffffffffffffp1023); /* just short of the tie */
    a.limb[30] = 0xFFFFFC00;
    assert_true(isinf(xv_big_to_double(a.limb, 32, false)));
    assert_true(xv_big_to_double(a.limb, 33, true) == -HUGE_VAL);
}

/* Promise: an integral double goes to a big integer and back unchanged; fractions are cut off towards
 * zero. */
static void doubles_go_through(void **state) {
    (void)state;
    for (int i = 0; i < 20000; i++) {
        double x = ldexp((double)(int64_t)random64(), (int)(random32() % 1100) - 140);
        if (!isfinite(x)) {
            continue;
        }
        big a;
        clear(&a);
        a.n = xv_big_from_double(a.limb, &a.negative, x);
        check_big(&a, xv_big_double_limbs(x));
        assert_int_equal(a.n, xv_big_double_limbs(x));
        assert_true(xv_big_to_double(a.limb, a.n, a.negative) == trunc(x));
    }
    assert_int_equal(xv_big_double_limbs(0x1.fffffffffffffp1023), XV_BIG_DOUBLE_LIMBS);
    assert_int_equal(xv_big_double_limbs(5e-324), 0);
}

/* Promise: xv_double_round meets the limits of both formats exactly. */
static void rounding_meets_the_limits(void **state) {
    (void)state;
    const uint64_t top = (uint64_t)1 << 63;
    assert_true(xv_double_round(1, -1074, false, false) == 0x1p-1074);
    assert_true(xv_double_round(top, -1075 - 63, false, false) == 0.0); /* half the least: a tie, to even */
    assert_true(xv_double_round(top, -1075 - 63, true, false) == 0x1p-1074);
    assert_true(xv_double_round(top, -1076 - 63, true, false) == 0.0);
    assert_true(xv_double_round(UINT64_MAX, -1022 - 64, false, false) == 0x1p-1022); /* subnormal to normal */
    assert_true(xv_double_round(UINT64_MAX, 1024 - 64, false, false) == HUGE_VAL);
    assert_true(xv_double_round(top, -150 - 63, false, true) == 0.0);
    assert_true(xv_double_round(top, -150 - 63, true, true) == 0x1p-149);
    assert_true(xv_double_round(0xFFFFFF7FFFFFFFFFu, 128 - 64, true, true) == 0x1.fffffep127);
    assert_true(xv_double_round(0xFFFFFF8000000000u, 128 - 64, false, true) == HUGE_VAL);
    assert_true(xv_double_round(0x1000001, 0, false, true) == 0x1000000p0);
    assert_true(xv_double_round(0, 5, false, false) == 0.0);
}

/* Promise: bytes give back the number at every length that holds it, and a length that does not is
 * refused. */
static void bytes_give_back_the_number(void **state) {
    (void)state;
    for (int i = 0; i < 20000; i++) {
        big a, back;
        uint8_t bytes[40];
        random_big(&a, 4);
        if (random32() % 4 == 0) { /* powers of two are where signed lengths differ */
            xv_limb one[1] = {1};
            a.n = xv_big_shl(a.limb, one, 1, random32() % 100);
        }
        size_t bits = xv_big_bit_length(a.limb, a.n), len = random32() % 18;
        bool big_endian = random32() % 2, is_signed = random32() % 2;
        bool power = a.n > 0 && (a.limb[a.n - 1] & (a.limb[a.n - 1] - 1)) == 0 &&
                     xv_big_normalise(a.limb, a.n - 1) == 0;
        size_t need = a.n == 0 ? 0 : !is_signed ? (bits + 7) / 8 : (bits - (a.negative && power)) / 8 + 1;
        memset(bytes, 0x5A, sizeof bytes);
        bool fits = xv_big_to_bytes(bytes, len, a.limb, a.n, a.negative, big_endian, is_signed);
        assert_int_equal(bytes[len], 0x5A);
        assert_int_equal(fits, len >= need && (is_signed || !a.negative));
        clear(&back);
        back.n = xv_big_from_bytes(back.limb, &back.negative, bytes, len, big_endian, is_signed);
        check_big(&back, XV_BIG_BYTES_LIMBS(len));
        if (fits) {
            assert_same(&back, &a);
        }
    }
    big a;
    uint8_t two[2];
    from_int(&a, -2);
    assert_true(xv_big_to_bytes(two, 2, a.limb, a.n, true, true, true));
    assert_memory_equal(two, "\xFF\xFE", 2);
    assert_true(xv_big_to_bytes(two, 2, a.limb, a.n, true, false, true));
    assert_memory_equal(two, "\xFE\xFF", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_numbers_agree_with_the_compiler),
#ifdef __SIZEOF_INT128__
        cmocka_unit_test(products_agree_with_int128),
#endif
        cmocka_unit_test(division_undoes_multiplication),
        cmocka_unit_test(division_corrects_its_estimate),
        cmocka_unit_test(sums_and_products_are_consistent),
        cmocka_unit_test(single_limbs_go_in_and_out),
        cmocka_unit_test(shifts_scale_by_powers_of_two),
        cmocka_unit_test(bit_operations_are_consistent),
        cmocka_unit_test(vectors_of_cpython),
        cmocka_unit_test(text_of_known_numbers),
        cmocka_unit_test(text_reads_back_in_every_base),
        cmocka_unit_test(parsing_refuses_foreign_digits),
        cmocka_unit_test(int64_limits),
        cmocka_unit_test(to_double_rounds_half_even),
        cmocka_unit_test(doubles_go_through),
        cmocka_unit_test(rounding_meets_the_limits),
        cmocka_unit_test(bytes_give_back_the_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

"""Row weights are scikit-learn's."""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.topics import content_words
from analysis.topics.bags import bag, distinct
from analysis.topics.weights import learn_vocabulary, tfidf


def test_weights_equal_scikit_learns(planted):
    texts = planted(9)["text"].tolist()
    posts = bag(texts)
    _, first = distinct(posts)
    keys = [sorted(set(content_words(texts[i]))) for i in first]
    theirs = TfidfVectorizer(analyzer=lambda key: key, min_df=2)
    expected = theirs.fit_transform(keys)
    known = learn_vocabulary(posts, first)
    assert len(first) == len(set(map(tuple, keys)))
    assert list(known.words) == theirs.get_feature_names_out().tolist()
    assert np.allclose(tfidf(known.rows(posts)[first], known.idf).toarray(), expected.toarray())
